"""The API's description, `layers/meterai/openapi.json`: made from the functions, never by hand.

    python -m tests.openapi            writes it
    python -m tests.openapi --check    says whether it is in step

Paths and models come from the routes, scopes from `template.yaml`, sentences from
`meterai.problems`; the examples are what the functions really answer to `events/<function>.json`.
"""
