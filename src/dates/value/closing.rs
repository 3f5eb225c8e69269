//! Closes what an expression leaves open, on the side that its rule names or the verbs say.

use super::{Choice, Point, Side, Surroundings, Tense, Unit, Within};

/// Closes an open point where something is known of publication.
pub(in crate::dates) fn close(
    point: Point,
    choice: Option<Choice>,
    around: &Surroundings<'_>,
) -> Point {
    let side = match choice {
        None => return point.settled(),
        Some(Choice::Side(side)) => side,
        Some(Choice::Tense(side)) => match (side, around.verbs.tense()) {
            (Side::Near, Tense::Past | Tense::Future) => return close_near(point, around),
            (side, Tense::Open) => side,
            (_, Tense::Past) => Side::Past,
            (Side::Past, Tense::Future) if is_reported(point, around) => Side::Past,
            (_, Tense::Future) => Side::Future,
        },
    };
    let is_unsure = around.is_coarse
        && !matches!(point.within, Within::Day(1.., _))
        && point.unit() < Unit::Month;
    match around.published().filter(|_| !is_unsure) {
        Some(published) => point.settle(side, published),
        None => point.settled(),
    }
}

/// Whether a quarter or half is over so lately that reports on it are still to come.
fn is_reported(point: Point, around: &Surroundings<'_>) -> bool {
    let is_reported_on = matches!(point.unit(), Unit::Quarter | Unit::Half);
    let Some(published) = around.published().filter(|_| is_reported_on) else { return false };
    let last = point.settle(Side::Before, published).days();
    last.is_some_and(|(_, last)| (published - last).get_days() <= CLOSE)
}

/// Closes what may lie on either side: the nearest one, unless it lies months away on the other
/// side than the verbs say. Plans are told in the past, too (`set a vote for June 3`), and what
/// was is spoken of beside what will be, but seldom over so long a time.
fn close_near(point: Point, around: &Surroundings<'_>) -> Point {
    let is_day_alone = matches!(point.within, Within::Day(0, _));
    let published = around.published().filter(|_| !(around.is_coarse && is_day_alone));
    let Some(published) = published else { return point.settled() };
    let nearest = point.settle(Side::Near, published);
    let Some((first, last)) = nearest.days() else { return nearest };
    // A day without its month is never far off on either side: the 3rd.
    let close = if is_day_alone { 0 } else { CLOSE };
    match around.verbs.tense() {
        Tense::Past if (first - published).get_days() > close => {
            point.settle(Side::Past, published)
        }
        Tense::Future if (published - last).get_days() > close => {
            point.settle(Side::Future, published)
        }
        _ => nearest,
    }
}

/// Within so many days of publication the nearer date counts, whatever the verbs say.
const CLOSE: i32 = 60;
