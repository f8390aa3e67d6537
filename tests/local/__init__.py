"""An AWS account on one machine: `template.yaml`, run as AWS would run it.

Read it in this order:

1. `template.py` reads the template, `intrinsics.py` gives `!Ref` and its like their values.
2. `stack.py` creates the declared resources, each type by its table in `resources/`. A type or
   property that is in no table stops the account and is named: an emulator that ignores it in
   silence lets wrong code pass.
3. `functions.py` runs functions as Lambda does: processes with the real runtime (`instances.py`),
   each at its own Runtime API (`runtime_api.py`).
4. `http_api.py`, `event_sources.py` and `schedules.py` invoke them.
5. `moto_endpoint.py` serves AWS's APIs unless another endpoint is given. Its queues are fair by our
   model of what AWS documents (`fair_queues.py`). `issuer.py` stands for Cognito.
6. `account.py` puts them together; `python -m tests.local` keeps an account running.
"""
