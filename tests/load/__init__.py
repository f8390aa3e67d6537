"""Load on one machine: `make load`.

Read it in this order:

1. `arrivals.py` says when people come, `people.py` who they are, `buyer.py` what each of them does.
2. `load_generator.py` runs the buyers in a process of its own. `system.py` starts the system under
   load: the local account on ministack, with the gateway's simulator.
3. `fault_injector.py` kills workers and makes AWS throttle. `recorder.py` samples each second.
4. `drain.py` moves pending timers forward until nothing is left. `end_state.py` reads the tables
   and the gateway's ledger, and checks them against the invariants.
5. `figures.py` computes the results, `report.py` prints and writes them.
"""
