"""The SQL of the author job."""

from __future__ import annotations

from linkage.authors.links import IDENTIFIED

_UNIT = "67108864D"  # 2^26, as in `linkage.features.arrays.exact_parts`


def _sums(value: str) -> str:
    """The summed `exact_parts` of a column, high and low."""
    high = f"rint({value} * {_UNIT})"
    low = f"rint(({value} * {_UNIT} - {high}) * {_UNIT})"
    return f"sum(bigint({high})) AS high, sum(bigint({low})) AS low"


NAMES = """
SELECT key, count(*) AS n, max(is_group) AS is_group FROM {mentions} GROUP BY key ORDER BY key
"""
COUNTS = """
SELECT field, word, sum(n) AS n FROM {counts} GROUP BY field, word HAVING n > 1 OR word IS NULL
"""
LOTS = "SELECT record DIV {lot} AS lot, * FROM {texts}"
PARTS_OF_TOKENS = "SELECT pmod(hash(token), {n}) AS part, * FROM {tokens}"
SUMS_OF_LOTS = "SELECT lot, vector, known FROM {vectors} WHERE record IS NULL"
EVIDENCE = "SELECT * FROM {texts} LEFT JOIN {subjects} USING (record)"
NAME_PAIRS = """
WITH pairs AS (
  SELECT DISTINCT a.name AS a, b.name AS b FROM {keys} a JOIN {keys} b USING (hash)
  WHERE a.name < b.name
)
SELECT a, b, x.key AS x, y.key AS y
FROM pairs JOIN {names} x ON a = x.name JOIN {names} y ON b = y.name
"""
# Mentions of the names of each chunk, and the records of these: a column each, of structs.
MENTIONS_OF_CHUNKS = (
    "SELECT chunk, struct(m.*) AS mention FROM {chunks} c JOIN {mentions} m USING ({by})"
)
RECORDS_OF_CHUNKS = """
SELECT chunk, struct(r.*) AS record FROM (
  SELECT DISTINCT chunk, record FROM {chunks} JOIN {mentions} USING ({by})
) JOIN {records} r USING (record)
"""
SHARED_VALUES = """
SELECT pmod(hash(kind, value), {n}) AS chunk, kind, value, mention FROM (
  SELECT *, count(*) OVER (PARTITION BY kind, value) AS size FROM {values}
) WHERE size > 1
"""

# What identifiers and repeated names say of mentions, chains of them together.
_OWN_ORCID = "IF(slip IS NOT NULL OR is_group OR orcid = '', NULL, orcid) AS orcid"
CHAINED = f"""
SELECT pmod(hash(label), {{n}}) AS chunk, mention, record, key, record_id, position, printed,
  {_OWN_ORCID}
FROM {{mentions}} JOIN {{labels}} ON mention = row LEFT JOIN {{slips}} ON mention = slip
"""  # noqa: S608  of constants
LINKS = """
SELECT pmod(hash(label), {n}) AS chunk, i, j, kind, value, place, found
FROM {must} JOIN {labels} ON i = row
"""

# How much each pair that tells counts: mentions count alike, see `linkage.authors.pairs`.
WEIGHTS = """
WITH told AS (SELECT * FROM {scores} WHERE tells),
  shares AS (
    SELECT mention, 1D / count(*) AS share
    FROM (SELECT i AS mention FROM told UNION ALL SELECT j FROM told) GROUP BY mention
  )
SELECT block, least(greatest(log_odds, -30D), 30D) AS odds, a.share + b.share AS weight
FROM told JOIN shares a ON i = a.mention JOIN shares b ON j = b.mention
"""
MASSES = f"""
SELECT cell, {_sums("weight")} FROM (
  SELECT weight, {{block}} * {{bins}} + bigint(rint(odds / {{width}}D)) AS cell FROM {{weights}}
) GROUP BY cell ORDER BY cell
"""  # noqa: S608  of constants
SHIFTED = """
SELECT i, j, log_odds, IF(shifted, shift, 0D) AS shift FROM {scores} JOIN {shifts} USING (block)
"""

# What is one by a rule or by its scores; what must be one counts as one, its lowest mention.
EDGES = """
SELECT i, j FROM {pairs} WHERE probability >= {threshold}
UNION ALL SELECT row AS i, label AS j FROM {roots}
"""
MEMBERS = f"""
SELECT mention, record, m.name, key, is_group, circle, circle_size, most, writings, in_full,
  {_OWN_ORCID}, coalesce(r.label, mention) AS root
FROM {{mentions}} m LEFT JOIN {{roots}} r ON mention = r.row LEFT JOIN {{slips}} ON mention = slip
"""  # noqa: S608  of constants
ORCID_SHARE = "SELECT try_divide(count(orcid), count(*)) AS share FROM {members}"
LABELLED = (
    "SELECT pmod(hash(label), {n}) AS chunk, m.* FROM {members} m JOIN {labels} ON mention = row"
)
PAIRS_OF_LABELS = """
SELECT pmod(hash(a.label), {n}) AS chunk, i, j, probability FROM {pairs}
JOIN {labels} a ON i = a.row JOIN {labels} b ON j = b.row AND a.label = b.label
"""
CLUSTERED = """
SELECT m.*, coalesce(cluster, mention) AS cluster
FROM {members} m LEFT JOIN {clusters} USING (mention)
"""
PLACED = """
SELECT i, j, probability, a.cluster AS x, b.cluster AS y, a.root = b.root AS identified
FROM {pairs}
JOIN {members} a ON i = a.mention JOIN {members} b ON j = b.mention
"""
# People of initials who have pairs with one in full only, and the sum of their cubes.
FITS = f"""
WITH people AS (
  SELECT cluster, count(*) AS size, max(in_full) AS in_full FROM {{members}} GROUP BY cluster
), sums AS (
  SELECT x, y, {_sums("probability * probability * probability")} FROM {{placed}}
  WHERE x <> y GROUP BY x, y
), sides AS (
  SELECT IF(p.in_full, y, x) AS person, IF(p.in_full, x, y) AS other,
    IF(p.in_full, p.size, q.size) AS size, high, low
  FROM sums JOIN people p ON x = p.cluster JOIN people q ON y = q.cluster
  WHERE p.in_full <> q.in_full
), fits AS (
  SELECT person, other, size, sum(high) AS high, sum(low) AS low,
    count(*) OVER (PARTITION BY person) AS others
  FROM sides GROUP BY person, other, size
)
SELECT pmod(hash(other), {{n}}) AS chunk, person, other, high, low FROM fits
WHERE others = 1 AND size >= {{much}}
"""  # noqa: S608  of constants
MEMBERS_OF_FITS = """
SELECT chunk, m.* FROM {members} m JOIN (
  SELECT chunk, person AS cluster FROM {fits} UNION SELECT chunk, other FROM {fits}
) USING (cluster)
"""
# Several clusters may have moved to one: it is called by the lowest of them.
MOVED = """
SELECT m.*, coalesce(person, m.cluster) AS person FROM {members} m LEFT JOIN {moved} v
ON m.cluster = v.cluster
"""
_PLACES = "mention, person, m.record, m.key, record_id, position, printed, m.orcid"
FAR = f"""
WITH ends AS (SELECT i AS mention FROM {{far}} UNION SELECT j FROM {{far}})
SELECT {_PLACES} FROM {{members}} m JOIN {{mentions}} USING (mention) WHERE person IN (
  SELECT person FROM {{members}} JOIN ends USING (mention)
) ORDER BY mention
"""  # noqa: S608  of constants
# People of whom more than one ORCID is known.
SEVERAL_ORCIDS = f"""
SELECT {_PLACES} FROM {{members}} m JOIN {{mentions}} USING (mention)
WHERE m.orcid IS NOT NULL AND person IN (
  SELECT person FROM {{members}} GROUP BY person HAVING count(DISTINCT orcid) > 1
) ORDER BY mention
"""  # noqa: S608  of constants
JOINED = """
SELECT m.* EXCEPT (person), m.person AS scored, coalesce(v.person, m.person) AS person
FROM {members} m LEFT JOIN {moved} v ON m.person = v.cluster
"""
# Organisations are one where their names are.
OWNERS = """
SELECT m.* EXCEPT (person), person AS joined,
  IF(is_group, min(mention) OVER (PARTITION BY name, is_group), person) AS person
FROM {members} m
"""
NAMED = "SELECT person, key, count(*) AS n FROM {owners} GROUP BY person, key"
# The ids `wei-wang` and `wei-wang-2` are numbered together.
STEMS = "SELECT *, regexp_replace(id, '(-[0-9]+)+$', '') AS stem FROM {bases}"
SURE = f"""
WITH now AS (SELECT DISTINCT cluster, scored FROM {{owners}}),
inside AS (
  SELECT i, j, probability FROM {{placed}} p JOIN now a ON x = a.cluster JOIN now b ON y = b.cluster
  WHERE a.scored = b.scored AND NOT identified
)
SELECT mention, {_sums("probability")} FROM (
  SELECT i AS mention, probability FROM inside UNION ALL SELECT j, probability FROM inside
) GROUP BY mention
"""  # noqa: S608  of constants


def _others(column: str) -> str:
    """How many mentions of other records have the same value in a column."""
    whole = f"count(*) OVER (PARTITION BY {column})"
    return f"{whole} - count(*) OVER (PARTITION BY {column}, record)"


PEOPLE = f"""
WITH counted AS (
  SELECT *, {_others("scored")} AS n_others, {_others("root")} AS n_identified,
    {_others("joined")} AS n_joined FROM {{owners}}
)
SELECT m.record_id, m.position, m.printed AS name, i.id AS author_id,
  CASE WHEN c.is_group OR n_joined = 0 THEN NULL
    WHEN n_others = 0 THEN {IDENTIFIED}D
    ELSE ((coalesce(high, 0) + coalesce(low, 0) / {_UNIT}) / {_UNIT}
      + {IDENTIFIED}D * n_identified) / n_others
  END AS probability
FROM counted c JOIN {{mentions}} m USING (mention) JOIN {{ids}} i ON c.person = i.person
LEFT JOIN {{sure}} s ON c.mention = s.mention
"""  # noqa: S608  of constants
PRINTED = "SELECT min_by(printed, mention) AS printed FROM {mentions} WHERE name = {name}"
