"""What `scripts/chaos` asks of a completed run's records: no row is missing without a word."""
from chaos_cluster import Broken


def missing(cluster, run, steps):
    """Rows that the members of every generation must have told of and that are not there, by name."""
    nodes = cluster.query(
        f"SELECT generation, rank, name, first_step FROM node WHERE run = {run}")
    found = {}
    for generation, rank, name, first in nodes:
        end = min([later[3] for later in nodes if later[0] > generation] + [steps])
        if first >= end:
            continue
        rows = cluster.query(
            f"SELECT count(*) FROM step WHERE run = {run} AND rank = {rank} "
            f"AND step >= {first} AND step < {end}")[0][0]
        if rows < end - first:
            found[name] = found.get(name, 0) + end - first - rows
    return found


def check_records(cluster, run, steps, every, killed):
    """Only who was killed may lack rows, and the run says so; every evaluation is there.

    Answers how many rows went with the killed process.
    """
    lacking = missing(cluster, run, steps)
    told = {row[0] for row in cluster.query(
        f"SELECT node FROM event WHERE run = {run} AND kind = 'rows missing'")}
    if set(lacking) != told:
        raise Broken(f"run {run}: rows are missing of {lacking}, told of {told}")
    if set(lacking) - {killed}:
        raise Broken(f"run {run}: rows are missing of {lacking}, and {killed} was killed")
    evaluations = [row[0] for row in cluster.query(
        f"SELECT step FROM evaluation WHERE run = {run} ORDER BY step")]
    expected = list(range(every, steps + 1, every))
    if evaluations != expected:
        raise Broken(f"run {run}: evaluations after {evaluations}, expected {expected}")
    return sum(lacking.values())
