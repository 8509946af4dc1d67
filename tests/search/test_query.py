"""From words to clauses and trees: pure, no server."""

from hypothesis import given, settings
from hypothesis import strategies as st

from links.names import Meaning
from search.query import FILTERS, MAX_CLAUSES, Query, parse, query_from
from search.rewriting import MAX_ASKED, languages_asked, rewrite
from search.tree import AnyOf, Phrase, Without, terms

TOPICS = {
    ("senegal",): Meaning(("country:sen",), (), ()),
    ("south", "africa"): Meaning(("country:zaf",), (), ()),
    ("maternity",): Meaning(("theme:maternity",), (), ()),
    ("means", "test"): Meaning(
        (), (("controle", "des", "ressources"), ("ressourcenprufung",)), ("contrôle des ressources",)
    ),
}


def texts(question: str) -> list[tuple]:
    return [(c.text, c.phrase, c.negative, c.prefix) for c in parse(question)]


def plan(question: str, topics=None, counts=None, **more):
    frequencies, meaning = counts or {}, (topics or {}).get
    return rewrite(
        parse(question),
        ("en", "fr", "es"),
        meaning,
        lambda stems: {s: frequencies.get(s, 1) for s in stems},
        **more,
    )


def tokens(node) -> set[tuple[str, str]]:
    return {(term.field, term.token) for term in terms(node)}


def test_words_phrases_exclusions_and_beginnings():
    assert texts('pension "social security" -private mat*') == [
        ("pension", False, False, False),
        ("social security", True, False, False),
        ("private", False, True, False),
        ("mat", False, False, True),
    ]


def test_curly_low_and_angled_quotes_count():
    for question in ("“social security”", "„social security“", "«social security»", "« social security »"):
        assert texts(question) == [("social security", True, False, False)]


def test_what_is_unbalanced_counts_as_words():
    assert [c.text for c in parse('"social security')] == ["social", "security"]
    assert parse('"') == parse("-") == parse('* - ""') == parse("") == []
    assert [c.text for c in parse("old-age")] == ["old-age"]


def test_or_joins_its_neighbours_into_one_group():
    first, second, third = parse("maternity OR sickness benefits")
    assert first.group == second.group != third.group
    assert [c.text for c in parse("OR pension OR")] == ["pension"]


def test_at_most_so_many_clauses_and_characters():
    assert len(parse("a " * 500)) == MAX_CLAUSES
    assert len(parse("x" * 10_000)[0].text) == 1_000


def test_a_word_is_looked_for_by_its_stem_in_each_language_and_as_itself():
    found = tokens(plan("maternité").tree)
    assert ("stems", "matern") in found and ("words", "maternite") in found


def test_a_word_that_names_a_topic_finds_its_key_too():
    found = plan("maternity Senegal", TOPICS)
    assert {("keys", "country:sen"), ("keys", "theme:maternity")} <= tokens(found.tree)
    assert found.topics == ("theme:maternity", "country:sen")


def test_the_longest_name_of_a_topic_wins():
    found = plan("pensions South Africa", TOPICS)
    assert found.topics == ("country:zaf",)
    assert ("keys", "country:zaf") in tokens(found.tree)


def test_a_term_is_searched_by_its_other_names_too():
    found = plan("means test", TOPICS)
    assert Phrase("words", ("controle", "des", "ressources")) in found.tree.nodes
    assert ("words", "ressourcenprufung") in tokens(found.tree)
    assert found.names == ("contrôle des ressources",) and found.parts == 1
    assert ("words", "ressourcenprufung") not in tokens(plan('"means test"', TOPICS).tree)


def test_excluded_words_never_score_and_name_no_topic():
    found = plan("pension -Senegal", TOPICS)
    assert isinstance(found.tree, Without) and found.topics == ()
    assert ("stems", "seneg") not in tokens(found.tree)


def test_a_phrase_stays_a_phrase():
    assert plan('"social security"').tree == Phrase("words", ("social", "security"))


def test_only_exclusions_mean_everything_else():
    assert plan("-pension").tree.wanted is None


def test_identifiers_are_looked_for_whole():
    for question, key in [
        ("C102", "ilo:c102"),
        ("978-92-2-123064-9", "isbn:9789221230649"),
        ("10.1111/issr.12212", "doi:10.1111/issr.12212"),
    ]:
        found = plan(question)
        assert key in found.first and ("keys", key) in tokens(found.tree)


def test_stop_words_are_dropped_unless_alone():
    assert plan("the pension of").tree == plan("pension").tree
    assert plan("the").tree is not None


def test_loose_plans_need_one_word_only_and_count_each_word_of_a_name():
    found = plan("alpha beta", any_word=True)
    assert isinstance(found.tree, AnyOf) and found.loosened
    named = plan("means test", TOPICS, any_word=True).tree
    assert plan("means", any_word=True).tree in named.nodes and plan("test", any_word=True).tree in named.nodes


def test_a_word_said_again_counts_again_where_one_word_is_enough():
    once, twice = plan("pension reform", any_word=True).tree, plan("pension reform pension", any_word=True).tree
    assert len(terms(twice)) == len(terms(once)) + len(terms(plan("pension").tree))


def test_the_commonest_words_only_count_beside_a_rarer_one():
    counts = {"pension": 90_000, "reform": 9_000, "actuari": 3, "kiribati": 1, "fund": 40_000}
    tree = plan("pension reform actuarial Kiribati fund", counts=counts, any_word=True).tree
    needed, every = tree.nodes
    found = {token for _, token in tokens(needed)}
    assert {"kiribati", "actuari", "reform"} <= found and not {"pension", "fund"} & found
    assert {"kiribati", "pension", "fund"} <= {token for _, token in tokens(every)}


def test_of_very_many_words_the_rarest_are_asked_for():
    counts = {f"word{i}": 1_000 - i for i in range(60)}
    found = {token for _, token in tokens(plan(" ".join(counts), counts=counts, any_word=True).tree)}
    assert found == {f"word{i}" for i in range(60 - MAX_ASKED, 60)}


def test_unknown_words_never_are_all_that_is_needed():
    counts = {"pension": 90_000, "xyzzi": 0, "xyzzy": 0}
    needed = plan("pension xyzzy", counts=counts, any_word=True).tree
    assert "pension" in {token for _, token in tokens(needed.nodes[0])}


def test_the_longer_a_question_the_less_its_title_counts():
    weights = [plan(" ".join(f"word{i}" for i in range(count))).title_weight for count in (1, 3, 6, 12)]
    assert weights == [1.0, 1.0, 0.5, 0.25]


def test_words_written_without_spaces_are_asked_for_one_by_one():
    found = plan("社会保险制度", any_word=True)
    assert {("stems", "社会"), ("stems", "保险"), ("stems", "制度")} <= tokens(found.tree)
    assert isinstance(found.tree, AnyOf) and found.parts == 3
    assert {("stems", "old"), ("stems", "age")} <= tokens(plan("old-age", any_word=True).tree)


def test_a_name_is_found_inside_a_run_without_spaces():
    topics = {("社会", "会保", "保险"): Meaning(("theme:social-insurance",), (), ())}
    assert plan("中国社会保险制度", topics).topics == ("theme:social-insurance",)


def test_languages_filtered_for_replace_the_readers():
    assert languages_asked("fr", ()) == ("fr", "en", "es")
    assert languages_asked("fr", ("pt",)) == ("pt", "fr")


def test_a_query_reads_back_from_its_own_parameters():
    query = Query(
        "pension", {**dict.fromkeys(FILTERS, ()), "country": ("SEN", "KEN"), "year": ("2015",)}, page=3, own_words=True
    )
    lists: dict[str, list[str]] = {}
    for name, value in query.parameters():
        lists.setdefault(name, []).append(value)
    assert query_from(lists, "public", "en") == query


def test_malformed_parameters_count_as_not_given():
    for page in ("0", "-1", "x", "", "9" * 40, "²", "1.5"):
        assert query_from({"page": [page]}, "public", "en").page == 1
    assert query_from({"sort": ["title; DROP"], "kind": ["", "a", "a"]}, "public", "en").filters["kind"] == ("a",)


@settings(max_examples=400, deadline=None)
@given(st.text())
def test_any_text_makes_a_plan(question):
    plan(question, TOPICS)
    plan(question, TOPICS, any_word=True)
