"""Kinds of events beyond machines and packets: leases, tunnels, the cloud, the help desk, plants.

They follow :mod:`noroshi.drill.event`; acts in :mod:`noroshi.drill.act` make them.
"""
