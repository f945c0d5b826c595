package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/tagroar/tagroar/bench/workload"
)

// sqlite is a table in memory with an index for either way to look at it, on one connection.
type sqlite struct {
	db      *sql.DB
	conn    *sql.Conn
	version string
	counts  []int
}

func openSQLite(ctx context.Context) (_ Engine, err error) {
	e := &sqlite{}
	if e.db, err = sql.Open("sqlite", ":memory:"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("SQLite: %w", err), e.Close())
		}
	}()
	if e.conn, err = e.db.Conn(ctx); err != nil {
		return nil, err
	}
	for _, text := range []string{
		"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA temp_store = MEMORY", "PRAGMA locking_mode = EXCLUSIVE",
		"CREATE TABLE memberships (tag INTEGER, member INTEGER, PRIMARY KEY (tag, member)) WITHOUT ROWID",
	} {
		if _, err = e.conn.ExecContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return e, e.conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&e.version)
}

func (e *sqlite) Version() string {
	return fmt.Sprintf("SQLite %s, modernc.org/sqlite %s", e.version, moduleVersion("modernc.org/sqlite"))
}

// Load inserts in the order of the primary key, in one transaction; the index is made when all are there, by one sort.
func (e *sqlite) Load(ctx context.Context, p *Population) error {
	e.counts = p.sizes()
	if _, err := e.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := e.insert(ctx, p); err != nil {
		return err
	}
	for _, text := range []string{"COMMIT", "CREATE INDEX by_member ON memberships (member, tag)", "ANALYZE"} {
		if _, err := e.conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// insert puts many rows into a statement, as calls cost more than rows. What does not fill one goes row by row. Parameters have no
// numbers: the driver would look for each among all.
func (e *sqlite) insert(ctx context.Context, p *Population) error {
	const many = 500
	prepare := func(rows int) (*sql.Stmt, error) {
		return e.conn.PrepareContext(ctx, "INSERT INTO memberships VALUES (?, ?)"+strings.Repeat(", (?, ?)", rows-1))
	}
	whole, err := prepare(many)
	if err != nil {
		return err
	}
	defer whole.Close()
	single, err := prepare(1)
	if err != nil {
		return err
	}
	defer single.Close()
	args := make([]any, 0, 2*many)
	for tag, members := range p.Members {
		for i, m := range members {
			args = append(args, tag, int64(m))
			statement := whole
			if i >= len(members)/many*many {
				statement = single
			} else if len(args) < 2*many {
				continue
			}
			if _, err := statement.ExecContext(ctx, args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	return nil
}

// Size is that of the pages.
func (e *sqlite) Size(ctx context.Context) (uint64, error) {
	var pages, size uint64
	if err := e.conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		return 0, err
	}
	return pages * size, e.conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&size)
}

func (e *sqlite) Ways(ctx context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return prepared(ctx, e.conn, q, rankings(q))
	}
	q = ordered(q, func(t int) int { return e.counts[t] })
	has := func(tags []int) string { return "max(" + sqlOf("tag", tags) + ")" }
	return prepared(ctx, e.conn, q, []statement{setOperators(q, true), setOperators(q, false), walk(q), group(q, has)})
}

func (e *sqlite) Close() error {
	if e.conn != nil {
		_ = e.conn.Close()
	}
	return e.db.Close()
}
