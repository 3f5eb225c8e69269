//! Whom a source names that says more than a name, and whom it does not.

use super::speakers;

#[test]
fn an_office_is_of_the_one_of_a_surname_who_has_it() {
    speakers(
        "Dolores Zelquist leads the incumbent, Earl Zelquist. Dolores Zelquist was early. \
         [Mayor Zelquist](s) said so. [Ms. Zelquist](s) left.",
        "Earl Zelquist; Dolores Zelquist",
    );
    speakers(
        "Dolores Zelquist met Mayor Earl Zelquist. Dolores Zelquist was early. \
         [Mayor Zelquist](s) said so. [He](s) left.",
        "Earl Zelquist; Earl Zelquist",
    );
    // Neither is told to have the office, or both are.
    speakers(
        "Dolores Zelquist met Earl Zelquist. Dolores Zelquist won. [Mayor Zelquist](s) left.",
        "-",
    );
    speakers(
        "Senator Dolores Zelquist met Senator Earl Zelquist. [Senator Zelquist](s) left.",
        "-",
    );
    // Somebody of the incumbent is not in office.
    speakers(
        "Earl Zelquist met a friend of the incumbent. Dolores Zelquist, the mayor, left. \
         [Mayor Zelquist](s) said so.",
        "Dolores Zelquist",
    );
}

#[test]
fn a_name_behind_a_description_is_its_own() {
    speakers("[The Minister, Mr. Horace Quill,](s) left.", "Horace Quill");
    speakers("[The school’s director, Prof. Xiu Vanterpool,](s) left.", "Xiu Vanterpool");
    speakers("[One of them, Anna Diaz,](s) left.", "Anna Diaz");
    speakers("[His ally, Anna Diaz,](s) left.", "Anna Diaz");
    speakers("[Her brother, the painter Bo Quill,](s) left.", "Bo Quill");
    speakers("[Another pollster, Anna Diaz of Barlow Institute,](s) left.", "Anna Diaz");
    speakers("[The seller, Brannigan Widgets Ltd,](s) left.", "Brannigan Widgets Ltd");
    speakers("[The owner of the wood, Quill Ltd,](s) left.", "Quill Ltd");
    speakers("[Its rival, Quill Ltd,](s) left.", "Quill Ltd");
    // Of several, of an officer's body, of a place, and where a body goes on.
    speakers("[Two of them, Anna Diaz and Bo Lee,](s) left.", "-");
    speakers("[The director, Harbor Farmers’ Union,](s) left.", "-");
    speakers("[The port, Norway,](s) left.", "-");
    speakers("[The companies, Brannigan Widgets Ltd,](s) left.", "-");
}

#[test]
fn labels_in_capitals_name_whom_the_text_names() {
    speakers("Odile Zelquist came. [MS. ZELQUIST:](s) Good morning.", "Odile Zelquist");
    speakers("[MS. ZELQUIST:](s) Good morning. [Ms. Zelquist](s) left.", "Zelquist; Zelquist");
    // Of two it is neither, and letters are no name.
    speakers("Odile Zelquist met Bo Zelquist. [THE MINISTER, ZELQUIST:](s) Good morning.", "-");
    speakers("[MR. BTF:](s) Good morning.", "BTF");
}

#[test]
fn somebody_without_a_name_comes_before_who_was_named_earlier() {
    speakers("Bo Quill defended the delay. [He](s) left.", "Bo Quill");
    let described = |opening: &str, expected: &str| {
        let text = format!("Bo Quill defended the delay. {opening} stayed. [He](s) left.");
        speakers(&text, expected);
    };
    described("The governor", "The governor");
    described("The governor, a Republican,", "The governor");
    described("The nurse", "The nurse");
    described("A nurse", "A nurse");
    described("The nurse at the till", "The nurse");
    described("His nurse, Peter Lund,", "Peter Lund");
    described("His nurse, Peter,", "His nurse");
    speakers("Bo Quill left. A new manager, [he](s) said, could help.", "Bo Quill");
}

#[test]
fn who_asked_did_not_answer() {
    let asked = |by: &str| {
        let text = format!("Anna Diaz came early. Asked by {by} why, [she](s) left.");
        speakers(&text, "Anna Diaz");
    };
    asked("Maria Quill");
    asked("Ms. Maria Quill");
    speakers("Asked by Maria Quill why, [she](s) left.", "-");
    let later = "Asked by [Ms. Maria Quill](s) why, Anna Diaz paused. [She](s) left.";
    speakers(later, "Maria Quill; Anna Diaz");
    speakers("Helped by Anna Diaz, Maria Quill won. [She](s) left.", "Maria Quill");
}

#[test]
fn who_is_an_example_does_not_speak_for_all() {
    speakers("Figures met, [including Anna Diaz](s). Then [Anna Diaz](s) left.", "-; Anna Diaz");
    speakers("Figures, including [Anna Diaz, a baker,](s) left.", "-");
}

#[test]
fn who_opens_a_sentence_by_a_description_is_meant_next() {
    speakers(
        "[Artur Quill](s) left. It rained.\nThe commander stayed. [He](s) spoke.",
        "Artur Quill; The commander",
    );
    // Not much else tells which of both.
    speakers("[Artur Quill](s) left.\nThe commander stayed. [He](s) spoke.", "Artur Quill; -");
    // The one who was called so is himself; things and several are nobody.
    speakers(
        "[Artur Quill, a commander,](s) left. The commander stayed. [He](s) spoke.",
        "Artur Quill; Artur Quill",
    );
    speakers("[Artur Quill](s) left. The bridge fell. [He](s) spoke.", "Artur Quill; Artur Quill");
    speakers(
        "[Artur Quill](s) left. The commanders stayed. [He](s) spoke.",
        "Artur Quill; Artur Quill",
    );
}

#[test]
fn its_report_is_of_whom_it_goes_on_to_mean() {
    speakers(
        "Brannigan Widgets Ltd lost, according to [its annual report](s). [It](s) denied that.",
        "-; Brannigan Widgets Ltd",
    );
    // Another thing said so, and it may be meant.
    speakers("Brannigan Widgets Ltd lost. [The report](s) said so. [It](s) went on.", "-; -");
    speakers("Brannigan Widgets Ltd lost, [its union](s) said. [It](s) denied that.", "-; -");
}

#[test]
fn which_takes_up_a_description() {
    speakers(
        "The Bank of Norway met. Prices rose, the bank, [which](s) fell, said.",
        "Bank of Norway",
    );
    speakers("The Bank of Norway met. The old fish bank, [which](s) fell, said so.", "-");
    speakers("The Bank of Norway met. The bank, [who](s) fell, said so.", "-");
}

#[test]
fn two_with_offices_have_one_each() {
    speakers(
        "Finance Minister Bo Karsten and Foreign Minister Lia Novak spoke. \
         [The finance minister](s) left. [The foreign minister](s) stayed.",
        "Bo Karsten; Lia Novak",
    );
    speakers(
        "Finance Minister Bo Karsten and Foreign Minister Lia Novak met. [The minister](s) left.",
        "-",
    );
}

#[test]
fn a_family_name_may_come_first() {
    speakers(
        "[Kim Do-hyun, a lawyer,](s) left. [Kim](s) stayed. [Mr. Kim](s) spoke.",
        "Kim Do-hyun; Kim Do-hyun; Kim Do-hyun",
    );
    speakers("[Lai Shu-fen](s) left. [Ms. Lai](s) stayed.", "Lai Shu-fen; Lai Shu-fen");
    // Words that a hyphen joins are no name, and not every name comes first.
    speakers("[A Park Street-based firm](s) left.", "-");
    speakers("[Kim Quillfeather](s) left.", "Kim Quillfeather");
}

#[test]
fn a_body_with_a_noun_of_its_own_is_no_other_body() {
    let text = "Then the Quill Ferry Campaign met.";
    speakers(&format!("{text} [The foundation](s) said so."), "-");
    speakers(&format!("{text} [The group](s) said so."), "Quill Ferry Campaign");
    speakers(&format!("{text} [The campaign](s) said so."), "Quill Ferry Campaign");
}

#[test]
fn what_somebody_does_behind_a_comma_is_not_said_of_a_name() {
    speakers(
        "When it came to Norway, the governor ordered a halt. [The governor](s) said so.",
        "-",
    );
    speakers("Diaz Media left, but the leader stayed, too. [The leader](s) said so.", "-");
    let told = "Then Anna Quill, the governor elected in May, left.";
    speakers(&format!("{told} [The governor](s) said so."), "Anna Quill");
}

#[test]
fn nobody_speaks_to_himself() {
    let told = "Bo Diaz met Leo Lee. Diaz listened.";
    speakers(&format!("{told} [He](s) told Diaz that it rained."), "Leo Lee");
    speakers(&format!("{told} [He](s) has never told Mr. Diaz that it rained."), "Leo Lee");
    // Of whom the content speaks is no object.
    speakers(&format!("{told} [He](s) said Diaz’s men had left."), "Bo Diaz");
}

#[test]
fn who_is_no_town() {
    speakers("Then Bo Diaz, a baker from Englewood, New Jersey, [who](s) agreed, left.", "Bo Diaz");
}

#[test]
fn neither_of_two_is_one() {
    speakers("Then [neither the army nor Quill Ltd](s) confirmed it.", "-");
    speakers("Then [neither Bo Diaz nor the army](s) confirmed it.", "-");
}

#[test]
fn what_stands_before_a_name_is_no_name() {
    speakers("Then [mum-of-three Anna Quill, 36,](s) fumed.", "Anna Quill");
    speakers("[Father-of-two Bo Diaz](s) agreed.", "Bo Diaz");
    speakers("Then [the lead author, Prof Bo Diaz of the Selm Institute,](s) agreed.", "Bo Diaz");
    let told = "The Minister, Hon. Anna Quill, came.";
    speakers(&format!("{told} “No,” [the Minister](s) said."), "Anna Quill");
}

#[test]
fn who_is_somebodys_is_another() {
    let told = "Orville Baines came.";
    speakers(&format!("{told} [Baines' lawyer](s) agreed."), "-");
    speakers(
        &format!("{told} [Baines’ attorney, Anna Quill of the clinic,](s) agreed."),
        "Anna Quill",
    );
    speakers(&format!("{told} [Baines's attorney, Anna Quill,](s) agreed."), "Anna Quill");
    speakers("[Analyst Anna Quill of Widget Partners](s) agreed.", "Anna Quill");
}

#[test]
fn a_clause_behind_a_description_says_more_of_the_same_one() {
    let told = "Then Minister Anna Quill came.";
    speakers(&format!("{told} [The minister, who was ill,](s) agreed."), "Anna Quill");
    speakers(&format!("{told} [The minister herself, who was ill,](s) agreed."), "Anna Quill");
    speakers(&format!("{told} [The minister of fisheries, who was ill,](s) agreed."), "-");
}
