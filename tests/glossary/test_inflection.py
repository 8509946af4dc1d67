"""Plurals by rule, and what becomes of them: proposals that editors decide on, names that texts are linked by."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from glossary.choices import Origin
from glossary.inflection import plurals, singulars
from glossary.models import Designation, SurfaceForm
from glossary.proposals import propose
from links.models import Name
from tests.glossary.factories import concept, section, word

CONTENT = Path(__file__).resolve().parents[2] / "content" / "glossary"


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("pension", "pensions"),
        ("old-age pension", "old-age pensions"),
        ("survivor's benefit", "survivor's benefits"),
        ("employment injury", "employment injuries"),
        ("degree of incapacity", "degrees of incapacity"),
        ("cash transfer for children", "cash transfers for children"),
        ("tax base", "tax bases"),
        ("poverty analysis", "poverty analyses"),
        ("insured person", "insured persons"),
        ("dependent child", "dependent children"),
        ("tax", "taxes"),
        ("branch of social security", "branches of social security"),
        ("pay-as-you-go scheme", "pay-as-you-go schemes"),
        ("provident fund", "provident funds"),
        ("holiday", "holidays"),
    ],
)
def test_english(singular, plural):
    assert plurals(singular, "en") == [plural]


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("régime de retraite", "régimes de retraite"),
        ("travail", "travaux"),
        ("organisme assureur", "organismes assureurs"),
        ("transfert social", "transferts sociaux"),
        ("assuré social", "assurés sociaux"),
        ("assurance maladie", "assurances maladie"),
        ("lieu de travail", "lieux de travail"),
        ("taux de cotisation", None),
        ("niveau de revenu", "niveaux de revenu"),
        ("délai d’attente", "délais d’attente"),
        ("régime non contributif", "régimes non contributifs"),
        ("travailleur à son compte", "travailleurs à leur compte"),
        ("micro-assurance", "micro-assurances"),
        ("bilan final", "bilans finals"),
    ],
)
def test_french(singular, plural):
    assert plurals(singular, "fr") == ([plural] if plural else [])


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("pensión", "pensiones"),
        ("régimen", "regímenes"),
        ("régimen de pensiones", "regímenes de pensiones"),
        ("pensión de vejez", "pensiones de vejez"),
        ("tasa de reemplazo", "tasas de reemplazo"),
        ("prestación social", "prestaciones sociales"),
        ("orden", "órdenes"),
        ("examen médico", "exámenes médicos"),
        ("país", "países"),
        ("interés", "intereses"),
        ("raíz", "raíces"),
        ("vez", "veces"),
        ("crisis", None),
        ("trabajador autónomo", "trabajadores autónomos"),
        ("seguro no contributivo", "seguros no contributivos"),
        ("plan", "planes"),
        ("fecha límite", "fechas límite"),
    ],
)
def test_spanish(singular, plural):
    assert plurals(singular, "es") == ([plural] if plural else [])


def test_abbreviations_plurals_and_other_languages():
    assert plurals("CCT", "en", abbreviation=True) == ["CCTs"]
    assert plurals("TMC", "es", abbreviation=True) == plurals("TMC", "fr", abbreviation=True) == []
    assert plurals("Rente", "de") == plurals("", "en") == plurals(" ", "fr") == []
    assert singulars("waiting days", "en") == ["waiting day"]
    assert singulars("family benefits in kind", "en") == ["family benefit in kind"]
    assert singulars("social policies", "en") == ["social policy"]
    assert singulars("prestations", "fr") == singulars("statistics", "en") == []


def test_the_rules_know_what_editors_know():
    """Of the singular terms of the content that have forms, the rules find a form that an editor gave of nine in ten."""
    rows = [row for path in CONTENT.glob("terms-*.csv") for row in csv.DictReader(path.open(encoding="utf-8"))]
    rows = [row for row in rows if row["forms"] and row["pos"] == "noun" and row["number"] == "singular"]
    found = [bool({*plurals(row["term"], row["lang"])} & {*row["forms"].split(";")}) for row in rows]
    assert len(found) > 200 and sum(found) / len(found) > 0.9


def forms(text: str) -> dict[str, tuple[str, bool]]:
    return {form.text: (form.origin, form.enabled) for form in SurfaceForm.objects.filter(designation__text=text)}


@pytest.mark.django_db
def test_what_is_proposed_is_used_only_where_it_is_safe():
    concept(section("en", word("benefit in kind"), word("claim", status="admitted")))
    concept(section("en", word("insured person", ["insured people"])))
    out = StringIO()
    call_command("propose_forms", stdout=out)
    assert out.getvalue() == "3 forms proposed: 1 in use, 2 wait for an editor.\n"
    assert forms("benefit in kind") == {"benefits in kind": (Origin.AUTO, True)}
    assert forms("claim") == {"claims": (Origin.AUTO, False)}
    assert forms("insured person") == {
        "insured people": (Origin.EDITOR, True),
        "insured persons": (Origin.AUTO, False),
    }
    call_command("propose_forms", stdout=out)
    assert SurfaceForm.objects.count() == 4


@pytest.mark.django_db
def test_only_forms_in_use_are_names(drained):
    concept(section("fr", word("prestation en nature"), word("risque", status="admitted")))
    call_command("propose_forms", stdout=StringIO())
    drained()
    phrases = {*Name.objects.filter(key__startswith="term:").values_list("phrase", flat=True)}
    assert phrases == {"prestation en nature", "prestations en nature", "risque"}
    SurfaceForm.objects.filter(text="risques").update(enabled=True)
    SurfaceForm.objects.filter(text="prestations en nature").update(enabled=False)
    drained()
    phrases = {*Name.objects.filter(key__startswith="term:").values_list("phrase", flat=True)}
    assert phrases == {"prestation en nature", "risque", "risques"}


def test_verbs_and_words_that_have_the_form_are_left_alone():
    assert propose(Designation(text="insure", pos="verb"), "en") == []
    assert propose(word("pension", ["pensions"]), "en") == []
