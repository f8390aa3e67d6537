"""A tagged document stays tagged: each stamp has a place in its structure, as its fields have.

ISO 32000-1, 14.7.4.3 and 14.7.4.4: the structure element refers to the widget (OBJR), and the
widget's /StructParent is the element's key in the parent tree. qpdf reads the trees.
"""

from io import BytesIO

import pikepdf
import pytest

from meterai.domain.stamping.placement import Placement
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.incremental_engine import outcome
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.stamping import a_spec, all_hold, checks, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

ELEMENT = {101: "<</Type/StructElem/S/Document/P 100 0 R/K[]>>"}
LEAVES = {
    104: "<</Limits[0 3]/Nums[0 [101 0 R] 3 [101 0 R]]>>",
    105: "<</Limits[4 8]/Nums[4 [101 0 R] 8 [101 0 R]]>>",
}
ROOTS = {
    "one element": "/K 101 0 R/ParentTree 102 0 R/ParentTreeNextKey 5",
    "an array of elements": "/K[101 0 R]/ParentTree<</Nums[0 [101 0 R] 6 [101 0 R]]>>",
    "arrays apart": "/K 103 0 R/ParentTree 106 0 R/ParentTreeNextKey 2",
    "a deep parent tree": "/K[101 0 R]/ParentTree<</Kids[104 0 R 105 0 R]>>/ParentTreeNextKey 9",
    "a next key that lies": "/K[101 0 R]/ParentTree 102 0 R/ParentTreeNextKey 0",
    "nothing yet": "",
}
WITHOUT_LAST_KEY = {
    "the last leaf has no limits": "/K[101 0 R]/ParentTree<</Kids[104 0 R 101 0 R]>>",
    "limits of one number": "/K[101 0 R]/ParentTree<</Kids[<</Limits[3]/Nums[3 101 0 R]>>]>>",
    "no kids": "/K[101 0 R]/ParentTree<</Kids[]>>",
    "kids and numbers": "/K[101 0 R]/ParentTree<</Kids[104 0 R]/Nums[7 101 0 R]>>",
    "half a pair": "/K[101 0 R]/ParentTree<</Nums[7]>>",
    "a key that is none": "/K[101 0 R]/ParentTree<</Nums[/Seven 101 0 R]>>",
    "a next key that is none": "/K[101 0 R]/ParentTree<</Nums[]>>/ParentTreeNextKey(7)",
    "a tree that is none": "/K[101 0 R]/ParentTree[101 0 R]",
}
OBJECTS = {
    **ELEMENT,
    **LEAVES,
    102: "<</Nums[0 [101 0 R] 4 [101 0 R]]>>",
    103: "[101 0 R]",
    106: "<</Nums 107 0 R>>",
    107: "[0 [101 0 R] 1 [101 0 R]]",
}
ELSEWHERE, ON_THE_OTHER_PAGE = Placement(1, 60, 60, 60), Placement(2, 60, 60, 60)


def _tagged(root: str, **shape: str) -> bytes:
    return document(
        Shape(**shape),  # type: ignore[arg-type]
        Shape(entries="/Tabs/R"),
        catalog="/MarkInfo<</Marked true>>/StructTreeRoot 100 0 R",
        objects={100: f"<</Type/StructTreeRoot{root}>>", **OBJECTS},
    )


def _tags(made: bytes) -> list[tuple[str, bool]]:
    """The signature fields, and whether each has its place in the structure."""
    with pikepdf.open(BytesIO(made)) as opened:
        root = opened.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        return [(str(one.T), _is_in(root, parents, one)) for one in opened.Root.AcroForm.Fields]


def _is_in(root: pikepdf.Object, parents: pikepdf.NumberTree, field: pikepdf.Object) -> bool:
    if "/StructParent" not in field:
        return False
    key = int(field.StructParent)
    element = parents[key]
    assert (str(element.S), element.P.objgen) == ("/Form", root.objgen)
    assert (str(element.K.Type), element.K.Obj.objgen) == ("/OBJR", field.objgen)
    assert element.Pg.objgen == element.K.Pg.objgen == field.P.objgen
    assert element.objgen in [one.objgen for one in root.K]
    assert max(parents) < int(root.ParentTreeNextKey)
    assert sorted(parents) == list(parents)
    return True


@pytest.mark.parametrize("kind", ROOTS)
def test_stamps_have_their_places_in_the_structure(kind: str) -> None:
    original = _tagged(ROOTS[kind])
    made = stamped(original, a_spec(1), a_spec(2, ELSEWHERE), a_spec(3, ON_THE_OTHER_PAGE))
    fields = [f"Emet{serial(number)}" for number in (1, 2, 3)]
    assert _tags(made) == [(field, True) for field in fields]
    assert all_hold(made, fields)
    assert [(one.field, one.valid) for one in pdfsig_verdicts(made)] == [
        (field, True) for field in fields
    ]
    assert qpdf_complaints(made) == []
    with pikepdf.open(BytesIO(original)) as before, pikepdf.open(BytesIO(made)) as after:
        assert [str(page.obj.Tabs) for page in after.pages] == ["/S", "/R"]
        assert [len(page.obj.Annots) for page in after.pages] == [2, 1]
        tree = before.Root.StructTreeRoot.get("/ParentTree")
        if tree is not None:
            kept = pikepdf.NumberTree(after.Root.StructTreeRoot.ParentTree)
            for key, parent in pikepdf.NumberTree(tree).items():
                assert kept[key].unparse() == parent.unparse()
        assert bool(after.Root.MarkInfo.Marked)


def test_what_was_signed_before_gets_no_tags_and_its_signatures_stay_good() -> None:
    person = signed_by(authority().person, _tagged(ROOTS["one element"]))
    earlier = stamped(_tagged(ROOTS["one element"]), a_spec(1))
    for original, tagged in ((person, False), (earlier, True)):
        made = stamped(original, a_spec(2, ELSEWHERE), a_spec(3, ON_THE_OTHER_PAGE))
        (_, first), *later = _tags(made)
        assert first is tagged
        assert [place for _, place in later] == [False, False]
        assert all(one.holds for one in checks(made))
        assert all(one.valid for one in pdfsig_verdicts(made))


def test_documents_without_tags_get_none() -> None:
    with pikepdf.open(BytesIO(stamped(document()))) as opened:
        assert "/StructTreeRoot" not in opened.Root
        assert "/StructParent" not in opened.Root.AcroForm.Fields[0]
        assert "/Tabs" not in opened.pages[0].obj


@pytest.mark.parametrize("kind", ROOTS)
def test_tagged_documents_are_stamped_by_the_incremental_engine(kind: str) -> None:
    assert outcome(_tagged(ROOTS[kind])) == "supported"


@pytest.mark.parametrize("kind", WITHOUT_LAST_KEY)
def test_where_the_tree_cannot_be_extended_stamps_have_no_tags(kind: str) -> None:
    original = _tagged(WITHOUT_LAST_KEY[kind])
    assert outcome(original) == "supported"
    made = stamped(original, a_spec(1), a_spec(2, ELSEWHERE))
    fields = [f"Emet{serial(number)}" for number in (1, 2)]
    assert all_hold(made, fields)
    with pikepdf.open(BytesIO(original)) as before, pikepdf.open(BytesIO(made)) as after:
        assert all("/StructParent" not in field for field in after.Root.AcroForm.Fields)
        kept, had = (one.Root.StructTreeRoot.unparse(resolved=True) for one in (after, before))
        assert kept == had
