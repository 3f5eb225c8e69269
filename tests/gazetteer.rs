//! What the lists of actors promise to know, counted.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[derive(Debug, serde::Deserialize)]
struct Row {
    id: String,
    name: String,
    kind: String,
    aliases: String,
    country: String,
    role: String,
    from: String,
    to: String,
    wikidata: String,
    as_of: String,
}

impl Row {
    fn has(&self, prefix: &str) -> bool {
        self.aliases.split("; ").any(|it| it.starts_with(prefix))
    }

    /// In months from year 0: the first, and one past the last.
    fn months(&self) -> (i32, i32) {
        let month = |day: &str, rest: i32| {
            let mut parts = day.split('-').map(|it| it.parse::<i32>().unwrap());
            parts.next().unwrap() * 12 + parts.next().map_or(rest, |it| it - 1)
        };
        let end = if self.to.is_empty() { &self.as_of } else { &self.to };
        (month(&self.from, 0), month(end, 11) + 1)
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/en/actors")
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for entry in walkdir::WalkDir::new(folder()).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.ends_with(".csv") || name == "government-patterns.csv" {
            continue;
        }
        let reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path);
        rows.extend(reader.unwrap().deserialize().map(|it| -> Row { it.unwrap() }));
    }
    rows
}

fn count(rows: &[Row], kind: &str) -> usize {
    let ids: BTreeSet<_> = rows.iter().filter(|it| it.kind == kind).map(|it| &it.id).collect();
    ids.len()
}

/// The members of the United Nations and its two observer states.
const STATES: &str = "\
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF \
    CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD \
    GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP \
    KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY \
    MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE \
    SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VA \
    VC VE VN VU WS YE ZA ZM ZW";

/// Their adjective is that of another state as well.
const NO_ADJECTIVE: &str = "DM";
/// Nobody is called after them.
const NO_DEMONYM: &str = "DM VA";
/// Their capital has the name of the state, or of places better known; the Holy See is an actor
/// of its own.
const NO_METONYM: &str = "AG BE BS CR DJ GD GY JM LU MC SC SG SM ST VA";

const DISPUTED: &[&str] = &[
    "Taiwan",
    "Kosovo",
    "Palestine",
    "Western Sahara",
    "Abkhazia",
    "South Ossetia",
    "Northern Cyprus",
    "Nagorno-Karabakh",
    "Somaliland",
    "Transnistria",
    "Crimea",
    "Donbas",
    "Kashmir",
    "Golan Heights",
    "West Bank",
    "Gaza Strip",
    "East Jerusalem",
    "Falkland Islands",
    "Gibraltar",
    "Hong Kong",
    "Macau",
    "Tibet",
    "Chechnya",
];

#[test]
fn every_state_is_known_with_its_people_and_its_seat() {
    let rows = rows();
    let all: Vec<&str> = STATES.split(' ').filter(|it| !it.is_empty()).collect();
    assert_eq!(all.len(), 195);
    let mut lacks = Vec::new();
    for code in all {
        let id = format!("ac_state_{}", code.to_lowercase());
        let Some(row) = rows.iter().find(|it| it.id == id && it.country == code) else {
            lacks.push(format!("{code}: no row"));
            continue;
        };
        let forms = [("adj:", NO_ADJECTIVE), ("dem:", NO_DEMONYM), ("met:", NO_METONYM)];
        for (form, none) in forms {
            if !row.has(form) && !none.split(' ').any(|it| it == code) {
                lacks.push(format!("{code}: no {form}"));
            }
        }
    }
    assert!(lacks.is_empty(), "{lacks:?}");
    let known = |name: &&&str| {
        rows.iter().any(|it| it.name == **name && matches!(&*it.kind, "state" | "place"))
    };
    let unknown: Vec<_> = DISPUTED.iter().filter(|it| !known(it)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn seats_of_government_stand_for_their_states() {
    let rows = rows();
    for (seat, state) in [
        ("the Kremlin", "ac_state_ru"),
        ("Downing Street", "ac_state_gb"),
        ("Foggy Bottom", "ac_state_us"),
        ("Beijing", "ac_state_cn"),
        ("the Élysée", "ac_state_fr"),
    ] {
        let bare = seat.trim_start_matches("the ");
        let knows = |it: &Row| {
            let mut all = it.aliases.split("; ").chain([&*it.name]);
            all.any(|it| it.trim_start_matches("met:").trim_start_matches("the ") == bare)
        };
        let found = rows
            .iter()
            .any(|it| knows(it) && (it.id == state || it.country == state[9..].to_uppercase()));
        assert!(found, "{seat}");
    }
}

#[test]
fn lists_are_as_long_as_they_should_be() {
    let rows = rows();
    assert!(count(&rows, "organization") >= 300);
    assert!(count(&rows, "company") >= 200);
    assert!(count(&rows, "media") >= 200);
    let is_acronym = |it: &&Row| {
        it.kind == "organization" && (it.has("acr:") || !it.name.contains(char::is_lowercase))
    };
    let acronyms = rows.iter().filter(is_acronym).count();
    assert!(acronyms >= 300, "{acronyms} organizations have an acronym");
    let unchecked: Vec<_> = rows.iter().filter(|it| it.as_of.is_empty()).map(|it| &it.id).collect();
    assert!(unchecked.is_empty(), "no as_of: {unchecked:?}");
}

#[test]
fn governments_are_patterns_over_states() {
    let text = fs::read_to_string(folder().join("government-patterns.csv")).unwrap();
    for body in [
        "Ministry of Foreign Affairs",
        "Ministry of Defense",
        "Ministry of Finance",
        "Ministry of Justice",
        "Ministry of Health",
        "Ministry of Education",
        "Parliament",
        "Supreme Court",
        "Embassy",
    ] {
        assert!(text.contains(&format!(",{body} of {{country}},")), "{body}");
    }
}

/// The G20 and the EU with the former member Britain; the P5 are among them.
const GOVERNED: &str = "\
    AR AT AU BE BG BR CA CN CY CZ DE DK EE ES FI FR GB GR HR HU ID IE IN IT JP KR LT LU LV MT MX \
    NL PL PT RO RU SA SE SI SK TR US ZA";

/// Who leads the government, who is head of state, who speaks for the state abroad.
const OFFICES: [(&str, &[&str], &str); 3] = [
    (
        "head of government",
        &["prime minister", "chancellor", "premier"],
        // The president is, or the office was done away with.
        "AR BR CY ID KR MX SA TR US ZA",
    ),
    (
        "head of state",
        &["president", "acting president", "king", "queen", "emperor", "grand duke"],
        // The one of Britain.
        "AU CA",
    ),
    ("foreign minister", &["foreign minister", "foreign secretary", "secretary of state"], ""),
];

/// Each office of each state that is governed so, with the dated terms in it.
fn held_offices(rows: &[Row]) -> impl Iterator<Item = (&'static str, &'static str, Vec<&Row>)> {
    let countries = GOVERNED.split(' ').filter(|it| !it.is_empty());
    let offices = countries.flat_map(|country| OFFICES.map(|office| (country, office)));
    let has = offices.filter(|(country, (_, _, none))| none.split(' ').all(|it| it != *country));
    has.map(|(country, (office, roles, _))| {
        let is_held =
            |it: &&Row| it.country == country && roles.contains(&&*it.role) && !it.from.is_empty();
        (country, office, rows.iter().filter(is_held).collect())
    })
}

/// Months of each office since 2000 of which somebody is known to have held it, in per cent.
#[test]
fn heads_and_foreign_ministers_since_2000_are_known() {
    let rows = rows();
    let span = 2000 * 12..2024 * 12 + 5;
    let mut low = Vec::new();
    let (mut known, mut all) = (0, 0);
    for (country, office, held) in held_offices(&rows) {
        let terms: Vec<_> = held.into_iter().map(Row::months).collect();
        let is_held = |month: &i32| terms.iter().any(|it| (it.0..it.1).contains(month));
        let months = span.clone().filter(is_held).count();
        if months * 100 < span.len() * 93 {
            low.push(format!("{country}, {office}: {months} of {}", span.len()));
        }
        known += months;
        all += span.len();
    }
    assert!(low.is_empty(), "{low:?}");
    assert!(known * 100 >= all * 98, "{known} of {all}");
}

/// A day as the earliest or latest one that a date with missing parts may mean, counted on.
fn day(date: &str, is_latest: bool) -> i32 {
    let mut parts = date.split('-').map(|it| it.parse::<i16>().unwrap());
    let year = parts.next().unwrap();
    let month = parts.next().unwrap_or(if is_latest { 12 } else { 1 }) as i8;
    let first = jiff::civil::date(year, month, 1);
    let day = parts.next().unwrap_or(if is_latest { i16::from(first.days_in_month()) } else { 1 });
    let start = jiff::civil::date(1800, 1, 1);
    (jiff::civil::date(year, month, day as i8) - start).get_days()
}

/// Offices that several people hold at a time.
const SHARED: &[&str] = &[
    "",
    "senator",
    "member of Congress",
    "justice of the Supreme Court",
    "vice president of the European Commission",
    "deputy foreign minister",
    "foreign ministry spokesman",
    "foreign ministry spokeswoman",
];

#[test]
fn nobody_holds_an_office_beside_another() {
    let rows = rows();
    let is_single =
        |it: &&Row| it.kind == "person" && !it.from.is_empty() && !SHARED.contains(&&*it.role);
    let mut terms: Vec<_> = rows.iter().filter(is_single).collect();
    terms.sort_by_key(|it| (&it.country, &it.role, day(&it.from, false)));
    let mut wrong = Vec::new();
    for it in &terms {
        if !it.to.is_empty() && day(&it.from, false) > day(&it.to, true) {
            wrong.push(format!("{}: ends before it begins", it.name));
        }
    }
    for pair in terms.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let end = if a.to.is_empty() { &a.as_of } else { &a.to };
        // Of a handover in the same month nothing can be said.
        let is_double =
            (&a.country, &a.role) == (&b.country, &b.role) && day(end, false) > day(&b.from, true);
        if is_double {
            wrong.push(format!("{} {}: {} and {}", a.country, a.role, a.name, b.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The longest time in days that an office may lie between two people.
const LONGEST_GAP: i32 = 100;
/// Offices that nobody held for longer, by country and year.
const VACANT: &[(&str, &str, &str)] = &[
    // The election was held again; three speakers of parliament stood in together.
    ("AT", "head of state", "2016"),
];

#[test]
fn offices_pass_from_one_to_the_next_without_a_gap() {
    let rows = rows();
    let mut gaps = Vec::new();
    for (country, office, mut terms) in held_offices(&rows) {
        terms.sort_by_key(|it| day(&it.from, false));
        let mut held_until = day("2000", false);
        for it in terms {
            let from = day(&it.from, false);
            let is_vacant = VACANT
                .iter()
                .any(|gap| (gap.0, gap.1) == (country, office) && it.from[..4] >= *gap.2);
            if from - held_until > LONGEST_GAP && !is_vacant {
                gaps.push(format!("{country} {office}: {} before {}", from - held_until, it.name));
            }
            let to = if it.to.is_empty() { &it.as_of } else { &it.to };
            held_until = held_until.max(day(to, true));
        }
    }
    assert!(gaps.is_empty(), "{gaps:#?}");
}

/// Codes of ISO 3166-1 that are no state of the United Nations.
const TERRITORIES: &str = "\
    AI AQ AS AW AX BL BM BQ BV CC CK CW CX EH FK FO GF GG GI GL GP GS GU HK HM IM IO JE KY MF MO \
    MP MQ MS NC NF NU PF PM PN PR RE SH SJ SX TC TF TK TW UM VG VI WF YT";

#[test]
fn rows_are_in_form() {
    let rows = rows();
    let known = |code: &str| {
        // Kosovo has a code that is set apart for users.
        STATES.split(' ').chain(TERRITORIES.split(' ')).any(|it| it == code) || code == "XK"
    };
    let mut wrong = Vec::new();
    let mut by_id: std::collections::BTreeMap<&str, &Row> = std::collections::BTreeMap::new();
    for it in &rows {
        let is_dated = |date: &str| {
            let parts: Vec<_> = date.split('-').map(str::len).collect();
            matches!(parts[..], [4] | [4, 2] | [4, 2, 2])
        };
        if !it.country.is_empty() && !known(&it.country) {
            wrong.push(format!("{}: `{}` is no code of a country", it.id, it.country));
        }
        if !is_dated(&it.as_of) || !it.from.is_empty() && !is_dated(&it.from) {
            wrong.push(format!("{}: no date", it.id));
        }
        let is_number = |it: &str| it.len() > 1 && it[1..].bytes().all(|it| it.is_ascii_digit());
        let is_item = it.wikidata.starts_with('Q') && is_number(&it.wikidata);
        if !it.wikidata.is_empty() && !is_item {
            wrong.push(format!("{}: `{}` is no item", it.id, it.wikidata));
        }
        // Terms of one person are rows of one id and one name.
        let first = by_id.entry(&it.id).or_insert(it);
        if (&first.name, &first.kind) != (&it.name, &it.kind) {
            wrong.push(format!("{}: {} and {}", it.id, first.name, it.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
