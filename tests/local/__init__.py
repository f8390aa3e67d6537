"""An AWS account on one machine: `template.yaml`, run as AWS would run it.

Read it in this order:

1. `template.py` reads the template, `intrinsics.py` gives `!Ref` and its like their values.
2. `stack.py` creates what is declared, each type by its table in `resources/`. What is not in a
   table stops the account, by name: an emulator that ignores in silence lets wrong code pass.
3. `functions.py` runs functions as Lambda does: processes with the real runtime (`instances.py`),
   each at its own Runtime API (`runtime_api.py`).
4. `http_api.py`, `event_sources.py` and `schedules.py` are what invokes them.
5. `moto_endpoint.py` is AWS's APIs, unless an endpoint is given, with queues that are fair by our
   model of what AWS documents (`fair_queues.py`); `issuer.py` is Cognito.
6. `account.py` puts them together; `python -m tests.local` keeps one up.
"""
