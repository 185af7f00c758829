//! Where the rules of supervision run out.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::supervision::{Backoff, Ended, Intensity, Phase};
use wirereport_actors::tree::Restarts;

use super::boards::{BoardFeed, Mood, harwick, ostrava};
use super::house::{House, actor, pass, restarted, told};

fn strict(sports: u32, root: u32) -> Restarts {
    let intensity = |restarts| Intensity { restarts, within: Duration::from_secs(600) };
    let backoff = Backoff { initial: Duration::from_secs(1), max: Duration::from_secs(1), ..Backoff::NONE };
    Restarts { root: intensity(root), sports: intensity(sports), publisher: intensity(3), backoff }
}

fn two_leagues(restarts: Restarts) -> (House, [Arc<BoardFeed>; 2], Arc<MemoryChannel>) {
    let ill = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let well = Arc::new(BoardFeed::showing([ostrava(0, 0)]));
    let (house, wire) = House::plain(&ill);
    (House { restarts, ..house.sport("esp.1", &well) }, [ill, well], wire)
}

#[tokio::test(start_paused = true)]
async fn too_many_panics_restart_the_branch_and_leave_the_others_alone() {
    let (house, [ill, well], wire) = two_leagues(strict(3, 100));
    let tree = house.open().await;
    pass(30).await;
    well.show([ostrava(1, 0)]);
    pass(30).await;
    ill.be(Mood::Panics);
    pass(30).await;
    let branch = actor(&tree, "sports");
    assert!(branch.restarts >= 1);
    assert!(branch.last_exit.unwrap().text.contains("the board fell down"));
    for path in ["leader-election", "publisher", "publisher/wire", "generator", "self-healing"] {
        assert_eq!(actor(&tree, path).restarts, 0, "{path}");
    }
    ill.show([harwick(1, 0)]);
    well.show([ostrava(1, 1)]);
    pass(60).await;
    let mut told = told(&wire);
    told.sort();
    assert_eq!(
        told,
        [
            "Harwick United 1, Melford United 0.",
            "Ostrava United 1, Trento United 0.",
            "Ostrava United 1, Trento United 1."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn when_the_root_gives_up_everything_is_stopped_in_reverse_and_the_end_says_why() {
    let (house, [ill, _], wire) = two_leagues(strict(2, 1));
    let tree = house.open().await;
    pass(30).await;
    ill.be(Mood::Panics);
    let ended = tokio::time::timeout(Duration::from_secs(300), tree.root().terminated()).await.unwrap();
    let Ended::GaveUp { reason } = ended else { panic!("{ended:?}") };
    assert!(
        reason.starts_with("more than 1 restarts within 600s; the last exit was of sports: "),
        "{reason}"
    );
    assert!(reason.ends_with("poll panicked: the board fell down"), "{reason}");
    let ends = ["self-healing", "generator", "publisher", "leader-election"].map(|path| {
        let child = actor(&tree, path);
        assert_eq!(child.phase, Phase::Stopped, "{path}");
        child.last_exit.unwrap().ago
    });
    assert!(ends.is_sorted_by(|earlier, later| earlier >= later), "{ends:?}");
    assert_eq!(tree.leadership(), None, "its leadership ended with it");
    let polls = ill.polls();
    pass(600).await;
    assert_eq!((ill.polls(), told(&wire).len()), (polls, 0));
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_ends_takes_its_leadership_with_it_and_the_next_one_leads_anew() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    for path in ["leader-election", "generator", "publisher/wire", "sports/eng.1", "self-healing"] {
        tree.root().restart(path).await.unwrap();
        pass(7).await;
    }
    pass(60).await;
    assert_eq!(tree.leadership().unwrap().epoch.0, 2);
    assert_eq!(told(&wire), ["Harwick United 1, Melford United 0."]);
    assert_eq!(restarted(&tree).len(), 5);
}
