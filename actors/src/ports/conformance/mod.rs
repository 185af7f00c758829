//! The suites that every adapter of a port must pass, whatever it is made of.
//!
//! An adapter's tests name a function that makes a fresh one, and get every case as a test of its own:
//!
//! ```text
//! async fn fresh() -> (MyLedger, TempDir) { … }
//! wirereport_actors::ledger_conformance!(fresh);
//! ```

pub mod fixtures;
#[expect(missing_docs, reason = "a case's name is its sentence")]
pub mod lease;
#[expect(missing_docs, reason = "a case's name is its sentence")]
pub mod ledger;

/// One `#[tokio::test]` for each case of the ledger's suite. `$fresh` is an async function without arguments that
/// returns an empty ledger and whatever must live as long as it does.
#[macro_export]
macro_rules! ledger_conformance {
    ($fresh:path) => {
        $crate::ledger_conformance! { @cases $fresh;
            polls: epochs_rise_and_the_last_one_is_in_force
                a_poll_is_kept_whole
                a_poll_of_an_epoch_that_is_over_leaves_nothing
                before_the_first_epoch_nothing_is_accepted
                a_story_that_is_already_there_is_left_as_it_is
                unwritten_stories_are_the_told_ones_oldest_first
                a_storys_place_is_never_given_twice;
            drafts: drafts_are_recorded_with_all_their_posts
                recording_drafts_again_changes_nothing
                drafts_of_a_story_nobody_recorded_are_refused
                drafts_that_cannot_be_are_refused_whole
                a_story_without_posts_is_written_all_the_same
                posts_are_offered_in_the_order_of_their_stories
                a_digest_is_a_written_story_with_one_post_and_recorded_once;
            sending: arming_counts_the_attempt_and_freezes_the_bytes
                only_a_pending_post_is_armed
                an_epoch_that_is_over_cannot_arm
                nothing_is_armed_while_publishing_is_stopped
                a_sent_post_stays_sent
                a_post_not_sent_is_tried_again_with_the_same_bytes
                a_refused_post_has_failed
                an_outcome_nobody_knows_is_held
                a_post_in_doubt_goes_back_and_stays_in_doubt
                a_refusal_does_not_end_the_doubt
                a_settle_must_name_the_attempt_under_way
                the_epoch_that_armed_may_settle_what_it_knows_even_when_it_is_over
                an_epoch_that_is_over_cannot_settle_what_it_does_not_know
                a_look_up_ends_a_doubt
                a_later_epoch_settles_what_an_earlier_one_left_armed
                every_attempt_is_remembered
                a_post_that_waits_can_be_ended
                only_a_post_that_waits_can_be_ended
                a_post_in_doubt_ends_only_as_unknown;
            operators: an_approved_post_may_leave
                only_a_timely_post_that_awaits_approval_is_approved
                an_edited_post_leaves_with_its_new_text
                a_rejected_post_stays_away_with_its_reason
                only_a_post_that_awaits_approval_is_edited_or_rejected
                what_ended_untold_can_be_retried
                what_waits_or_is_told_cannot_be_retried
                only_what_surely_did_not_leave_is_discarded
                an_unknown_post_is_resolved_as_sent
                an_unknown_post_is_resolved_as_not_sent
                only_an_unknown_post_is_resolved
                switches_are_kept
                the_book_of_alerts_is_kept_by_who_leads
                what_is_not_there_is_said_to_be_missing;
            halts: a_halt_is_the_channels_and_its_post_waits
                a_halt_lasts_until_an_attempt_succeeds
                an_attempt_that_began_before_a_halt_does_not_end_it
                the_epoch_that_armed_may_say_that_the_channel_is_halted
                an_operator_has_a_channel_tried_again_but_lifts_no_rate_limit;
            expenses: what_a_call_can_cost_counts_until_it_is_put_right
                nothing_is_set_aside_beyond_a_cap
                expenses_of_this_month_outlive_pruning;
            usage: what_left_or_may_have_is_counted_with_its_price
                what_turns_out_not_to_have_left_is_not_counted
                a_post_that_is_sent_again_is_counted_once
                only_what_came_to_nothing_by_itself_counts_against_a_post
                a_post_keeps_the_time_before_which_it_must_not_leave;
            revisions: a_newer_revision_supersedes_what_waits_when_it_is_recorded
                nothing_follows_where_nothing_was_told
                a_revision_follows_what_was_sent
                a_revision_waits_for_what_is_armed
                a_follower_goes_when_the_earlier_post_was_refused
                neither_leaves_when_the_earlier_attempt_was_not_sent
                a_revision_is_held_by_an_unknown_post
                a_post_in_doubt_is_followed_and_not_superseded
                a_third_revision_follows_what_was_told_last
                a_follower_falls_back_on_what_was_told_before
                an_overtaken_post_cannot_be_retried
                drafts_that_come_after_a_newer_revision_make_no_posts
                an_untold_revision_supersedes_all_the_same;
            reading: posts_are_read_newest_first_filtered_and_by_pages
                stories_are_read_newest_first_filtered_and_by_pages
                a_story_is_read_with_all_its_revisions
                the_backlog_counts_what_is_not_finished
                pruning_drops_what_ended_and_keeps_what_is_open
                pruning_keeps_what_is_younger_or_unwritten
                what_was_pruned_gives_its_numbers_to_nobody;
        }
    };
    (@cases $fresh:path; $($module:ident: $($case:ident)+;)+) => {
        $($(
            #[tokio::test]
            async fn $case() {
                let (ledger, _keep) = $fresh().await;
                $crate::ports::conformance::ledger::$module::$case(&ledger).await;
            }
        )+)+
    };
}

/// One `#[tokio::test]` for each case of the lease's suite. `$two` is an async function without arguments that returns
/// two contenders, called `a` and `b`, for one lease nobody holds, and whatever must live as long as they do.
#[macro_export]
macro_rules! lease_conformance {
    ($two:path) => {
        $crate::lease_conformance! { @cases $two;
            a_free_lease_is_granted_with_an_epoch
            a_held_lease_is_refused_with_its_holders_name
            a_held_lease_can_be_renewed
            a_released_lease_is_free_for_another
            a_lease_that_went_to_another_is_lost
            a_lease_that_was_never_granted_cannot_be_renewed
            releasing_an_old_term_takes_nothing_from_the_new_one
            a_holder_that_asks_again_gets_a_new_term
            two_who_ask_at_once_do_not_both_get_it
        }
    };
    (@cases $two:path; $($case:ident)+) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (a, b, _keep) = $two().await;
                $crate::ports::conformance::lease::$case(&a, &b).await;
            }
        )+
    };
}
