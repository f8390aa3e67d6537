"""The generators, by class."""

from tests.integration.pdf.attacks import (
    broken_prefixes,
    cross_references,
    duplicate_keys,
    faint_text,
    forms,
    hidden_bodies,
    incremental_saving,
    our_field,
    overlays,
    scripts_and_layers,
    second_roles,
    shadow,
)
from tests.integration.pdf.attacks.attack import Generator

CLASSES: dict[str, Generator] = {
    "incremental saving": incremental_saving.attacks,
    "shadow": shadow.attacks,
    "overlays": overlays.attacks,
    "faint text": faint_text.attacks,
    "duplicate keys": duplicate_keys.attacks,
    "cross-references": cross_references.attacks,
    "hidden bodies": hidden_bodies.attacks,
    "form values": forms.attacks,
    "our field": our_field.attacks,
    "second roles": second_roles.attacks,
    "scripts and layers": scripts_and_layers.attacks,
    "broken prefixes": broken_prefixes.attacks,
}
