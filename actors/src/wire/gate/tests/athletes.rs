//! Claims of contests of athletes: matches won in sets, and the order of a field.

use super::*;

#[test]
fn the_result_of_a_match_is_held_against_the_facts() {
    // Alexander Zverev beat Carlos Alcaraz 6-3, 4-6, 7-6 in a semifinal at Roland Garros.
    let facts = plain(Discipline::Tennis, MomentKind::Final);
    assert_all(
        &facts,
        &[
            ("Alexander Zverev beat Carlos Alcaraz 6-3, 4-6, 7-6 at Roland Garros.", "passed"),
            ("Alexander Zverev beat Carlos Alcaraz in three sets.", "passed"),
            ("Roland Garros: Alexander Zverev won against Carlos Alcaraz.", "passed"),
            ("Carlos Alcaraz beat Alexander Zverev at Roland Garros.", "relation"),
            ("Alexander Zverev beat Carlos Alcaraz in two sets.", "unknown_number"),
            ("Alexander Zverev beat Carlos Alcaraz 6-3, 6-4, 7-6.", "score"),
            ("Alexander Zverev beat Carlos Alcaraz 6-3, 7-6.", "score"),
            ("Alexander Zverev beat Carlos Alcaraz 3-6, 6-4, 6-7.", "score"),
            ("Alexander Zverev won against Carlos Alcaraz, who retired.", "relation"),
            ("Alexander Zverev won by walkover against Carlos Alcaraz.", "relation"),
            ("Alexander Zverev beat Carlos Alcaraz in the Final.", "unknown_name"),
            ("Alexander Zverev crushed Carlos Alcaraz.", "unknown_word"),
            ("Alexander Zverev beat Carlos Alcaraz at Wimbledon.", "unknown_word"),
            ("Alexander Zverev won at Roland Garros.", "missing_team"),
            ("Carlos Alcaraz won, and Alexander Zverev was beat.", "relation"),
        ],
    );
}

#[test]
fn the_order_of_a_field_is_held_against_the_facts() {
    let facts = plain(Discipline::Racing, MomentKind::Final);
    assert_all(
        &facts,
        &[
            (
                "Sergio Pérez won the Azerbaijan Grand Prix, ahead of Max Verstappen and Charles Leclerc.",
                "passed",
            ),
            ("Sergio Pérez won the Azerbaijan Grand Prix.", "passed"),
            ("Max Verstappen won the Azerbaijan Grand Prix, ahead of Sergio Pérez.", "relation"),
            ("Sergio Pérez won, ahead of Charles Leclerc and Max Verstappen.", "relation"),
            ("Sergio Pérez won the Azerbaijan Grand Prix ahead of Lando Norris.", "relation"),
            ("The Azerbaijan Grand Prix was postponed.", "relation"),
            ("Sergio Pérez won by four strokes.", "unknown_number"),
        ],
    );
    let facts = plain(Discipline::Golf, MomentKind::Final);
    assert_all(
        &facts,
        &[
            (
                "Scottie Scheffler won the Memorial Tournament at 10 under par, four strokes ahead of Ben Griffin.",
                "passed",
            ),
            ("Scottie Scheffler won the Memorial Tournament at 11 under par.", "unknown_number"),
            ("Scottie Scheffler won the Memorial Tournament at 10 over par.", "unknown_number"),
            ("Scottie Scheffler won by five strokes.", "unknown_number"),
            ("Scottie Scheffler won at even par.", "relation"),
            ("Ben Griffin won the Memorial Tournament.", "relation"),
        ],
    );
}
