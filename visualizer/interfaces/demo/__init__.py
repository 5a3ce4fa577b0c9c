"""
Does: a fleet of three small apps that really run – HTTP requests, streams, a failure now and then –, log in hopeit's
format and serve its config endpoint, so that a first start has something to show.
Depends on: models.node_id, io.child_process; stdlib and redis-py, never Django: the three processes stay small.
Used by: `manage.py demo`, interfaces/up.py.
Public interface: fleet.run_fleet, fleet_file (demo_dir, FLEET_FILE, forget_demo).
"""
