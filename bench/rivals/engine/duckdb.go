//go:build cgo

package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/tagroar/tagroar/bench/workload"
)

// duckDB is a table in memory, filled in the order of tag and member: what DuckDB keeps of each row group, the least and the greatest
// value, then leaves few groups to look at. There is no index (ART): a primary key (tag, member), or one index of each, was tried, and
// made a million members take 2.5 times the memory and four times the load and more, and no question faster. Neither was a table with
// a column BOOLEAN for each tag: 200 B a membership, and Q5 no faster.
type duckDB struct {
	db      *sql.DB
	conn    *sql.Conn
	version string
	counts  []int
}

func openDuckDB(ctx context.Context) (_ Engine, err error) {
	e := &duckDB{}
	if e.db, err = sql.Open("duckdb", ""); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("DuckDB: %w", err), e.Close())
		}
	}()
	if e.conn, err = e.db.Conn(ctx); err != nil {
		return nil, err
	}
	for _, text := range []string{"SET threads = 1", "CREATE TABLE memberships (tag USMALLINT, member UINTEGER)"} {
		if _, err = e.conn.ExecContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return e, e.conn.QueryRowContext(ctx, "SELECT version()").Scan(&e.version)
}

func (e *duckDB) Version() string {
	return fmt.Sprintf("DuckDB %s, duckdb-go %s", strings.TrimPrefix(e.version, "v"), moduleVersion("github.com/duckdb/duckdb-go/v2"))
}

// Load goes through the appender.
func (e *duckDB) Load(ctx context.Context, p *Population) error {
	e.counts = p.sizes()
	return e.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", "memberships")
		if err != nil {
			return err
		}
		for tag, members := range p.Members {
			if err := ctx.Err(); err != nil {
				return errors.Join(err, a.Close())
			}
			for _, m := range members {
				if err := a.AppendRow(uint16(tag), m); err != nil {
					return errors.Join(err, a.Close())
				}
			}
		}
		return a.Close()
	})
}

// Size is what its buffer manager holds for tables.
func (e *duckDB) Size(ctx context.Context) (n uint64, err error) {
	err = e.conn.QueryRowContext(ctx, "SELECT sum(memory_usage_bytes)::UBIGINT FROM duckdb_memory()").Scan(&n)
	return n, err
}

func (e *duckDB) Ways(ctx context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return prepared(ctx, e.conn, q, rankings(q))
	}
	q = ordered(q, func(t int) int { return e.counts[t] })
	return prepared(ctx, e.conn, q, []statement{semiJoins(q), setOperators(q, false), walk(q), oneAggregate(q)})
}

// semiJoins is the walk in DuckDB's own words.
func semiJoins(q workload.Question) statement {
	of := func(tags []int) string { return "(SELECT member FROM memberships WHERE " + sqlOf("tag", tags) + ")" }
	operands := positives(q)
	text := "SELECT count(*) FROM "
	if len(operands[0]) == 1 {
		text += of(operands[0])
	} else {
		text += "(SELECT DISTINCT member FROM memberships WHERE " + sqlOf("tag", operands[0]) + ")"
	}
	for _, o := range operands[1:] {
		text += " SEMI JOIN " + of(o) + " USING (member)"
	}
	if len(q.None) > 0 {
		text += " ANTI JOIN " + of(q.None) + " USING (member)"
	}
	return statement{"SEMI JOIN, ANTI JOIN", text}
}

// oneAggregate gives each operand a bit, and the negatives one.
func oneAggregate(q workload.Question) statement {
	bits := map[int]int{} // by tag
	var named []int
	give := func(tags []int, bit int) {
		for _, t := range tags {
			if bits[t] == 0 {
				named = append(named, t)
			}
			bits[t] |= bit
		}
	}
	operands := positives(q)
	for i, o := range operands {
		give(o, 1<<i)
	}
	give(q.None, 1<<len(operands))
	byBits := map[int][]int{}
	var order []int
	for _, t := range named {
		if byBits[bits[t]] == nil {
			order = append(order, bits[t])
		}
		byBits[bits[t]] = append(byBits[bits[t]], t)
	}
	cases := "CASE"
	for _, b := range order {
		cases += fmt.Sprintf(" WHEN %s THEN %d", sqlOf("tag", byBits[b]), b)
	}
	return statement{"GROUP BY, HAVING bit_or", fmt.Sprintf(
		"SELECT count(*) FROM (SELECT member FROM memberships WHERE %s GROUP BY member HAVING bit_or(%s END) = %d)",
		sqlOf("tag", named), cases, 1<<len(operands)-1)}
}

func (e *duckDB) Close() error {
	if e.conn != nil {
		_ = e.conn.Close()
	}
	return e.db.Close()
}
