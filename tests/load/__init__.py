"""Load, for real, as far as one machine goes: `make load`.

Read it in this order:

1. `arrivals.py` says when people come, `people.py` who they are, `buyer.py` what each of them does.
2. `crowd.py` runs them, in a process of its own; `stage.py` is the office that they come to: the
   local account on ministack, with the gateway's simulator.
3. `accidents.py` kills workers and has AWS throttle; `record.py` looks on, second by second.
4. `aftermath.py` lets time pass until nothing is left to do; `end_state.py` reads the tables and
   the gateway's book, and holds them against the invariants.
5. `figures.py` reckons, `__main__.py` prints and keeps.
"""
