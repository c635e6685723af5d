/** Trips: when they began and ended, and their numbers. Measures, never pictures. */
import type { Database } from 'better-sqlite3';
import type { TripMark, TripRecord } from './store.ts';

type Summary = TripRecord['summary'];

interface StoredTrip {
  readonly trip_id: string;
  readonly started: string;
  readonly ended: string | null;
  readonly summary: string;
}

const recordOf = (row: StoredTrip): TripRecord => ({
  tripId: row.trip_id,
  start: JSON.parse(row.started) as TripMark,
  end: row.ended === null ? null : (JSON.parse(row.ended) as TripMark),
  summary: JSON.parse(row.summary) as Summary,
});

/** The trips' part of `Store`; saving twice changes nothing, so that it can be repeated. */
export function tripsOf(db: Database, keepTrips: number) {
  const start = db.prepare('INSERT INTO trips (trip_id, started) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const surplus = db.prepare(
    'DELETE FROM trips WHERE number <= (SELECT number FROM trips ORDER BY number DESC LIMIT 1 OFFSET ?)',
  );
  const end = db.prepare('UPDATE trips SET ended = ?, summary = ? WHERE trip_id = ? AND ended IS NULL');
  const newest = db.prepare('SELECT * FROM trips ORDER BY number DESC LIMIT ?');
  return {
    saveTripStart: (mark: TripMark): void => {
      db.transaction(() => {
        start.run(mark.tripId, JSON.stringify(mark));
        surplus.run(keepTrips);
      }).immediate();
    },
    saveTripEnd: (mark: TripMark, summary: Summary): void => {
      end.run(JSON.stringify(mark), JSON.stringify(summary), mark.tripId);
    },
    trips: (limit: number): TripRecord[] => (newest.all(limit) as StoredTrip[]).map(recordOf),
  };
}
