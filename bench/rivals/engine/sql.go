package engine

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/bench/workload"
)

// The statements that answer a question from a table memberships(tag, member). Tags stand in them as numbers; a program has these
// from its table of tags. Three shapes are tried for a count:
//
//   - set operators: INTERSECT of the operands, EXCEPT the negatives;
//   - a walk: the smallest operand, and EXISTS or NOT EXISTS for each other one, which an index answers or a planner turns into
//     semi-joins;
//   - a group: all rows of the tags that are named, GROUP BY member, and HAVING over what each member has.

// A statement by its shape.
type statement struct{ shape, text string }

// sqlOf is a tag or several, as a condition on a column.
func sqlOf(column string, tags []int) string {
	if len(tags) == 1 {
		return fmt.Sprintf("%s = %d", column, tags[0])
	}
	return fmt.Sprintf("%s IN (%s)", column, numbers(tags))
}

func numbers(list []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

// positives lists the operands of which each must be met, the smallest first, when the question is ordered.
func positives(q workload.Question) [][]int {
	var out [][]int
	for _, t := range q.All {
		out = append(out, []int{t})
	}
	return append(out, q.Any...)
}

// setOperators makes an INTERSECT and EXCEPT of selections. Sorting by member, where it is asked for, lets an engine with an index
// in that order merge.
func setOperators(q workload.Question, sorted bool) statement {
	var b strings.Builder
	for i, operand := range positives(q) {
		if i > 0 {
			b.WriteString(" INTERSECT ")
		} else if len(positives(q))+len(q.None) == 1 {
			return walk(q) // no operator that would make a member of several tags one
		}
		b.WriteString("SELECT member FROM memberships WHERE " + sqlOf("tag", operand))
	}
	if len(q.None) > 0 {
		b.WriteString(" EXCEPT SELECT member FROM memberships WHERE " + sqlOf("tag", q.None))
	}
	name := "INTERSECT, EXCEPT"
	if sorted {
		b.WriteString(" ORDER BY member")
		name += ", sorted"
	}
	return statement{name, "SELECT count(*) FROM (" + b.String() + ")"}
}

// walk goes through the first operand.
func walk(q workload.Question) statement {
	operands := positives(q)
	from := "memberships m"
	var where []string
	if len(operands[0]) == 1 {
		where = append(where, "m."+sqlOf("tag", operands[0]))
	} else {
		from = "(SELECT DISTINCT member FROM memberships WHERE " + sqlOf("tag", operands[0]) + ") m"
	}
	has := func(tags []int) string {
		return "EXISTS (SELECT 1 FROM memberships x WHERE x.member = m.member AND x." + sqlOf("tag", tags) + ")"
	}
	for _, o := range operands[1:] {
		where = append(where, has(o))
	}
	if len(q.None) > 0 {
		where = append(where, "NOT "+has(q.None))
	}
	text := "SELECT count(*) FROM " + from
	if len(where) > 0 {
		text += " WHERE " + strings.Join(where, " AND ")
	}
	return statement{"walk, EXISTS", text}
}

// group looks at all rows of the question's tags. condition is the aggregate that tells whether a group has a row of the tags.
func group(q workload.Question, condition func(tags []int) string) statement {
	var named []int
	var having []string
	for _, o := range positives(q) {
		named = append(named, o...)
		having = append(having, condition(o))
	}
	if len(q.None) > 0 {
		named = append(named, q.None...)
		having = append(having, "NOT "+condition(q.None))
	}
	return statement{"GROUP BY, HAVING", fmt.Sprintf("SELECT count(*) FROM (SELECT member FROM memberships WHERE %s GROUP BY member HAVING %s)",
		sqlOf("tag", named), strings.Join(having, " AND "))}
}

// rankings make the first by weight: by a join with the members asked for, and by one group of all that is named.
func rankings(q workload.Question) []statement {
	weight := "CASE tag"
	for i, t := range q.Scoring {
		weight += fmt.Sprintf(" WHEN %d THEN %d", t, q.Weights[i])
	}
	weight += " ELSE 0 END"
	order := fmt.Sprintf(" ORDER BY score DESC, member LIMIT %d", q.Limit)
	scoring := sqlOf("x.tag", q.Scoring)
	return []statement{
		{"join, GROUP BY", fmt.Sprintf(`SELECT m.member AS member, coalesce(sum(%s), 0) AS score FROM memberships m
			LEFT JOIN memberships x ON x.member = m.member AND %s WHERE m.tag = %d GROUP BY m.member`,
			strings.Replace(weight, "tag", "x.tag", 1), scoring, q.Of) + order},
		{"GROUP BY, HAVING", fmt.Sprintf(`SELECT member, sum(%s) AS score FROM memberships WHERE %s GROUP BY member HAVING max(tag = %d)`,
			weight, sqlOf("tag", append([]int{q.Of}, q.Scoring...)), q.Of) + order},
	}
}

// prepared turns statements into ways on a connection.
func prepared(ctx context.Context, c *sql.Conn, q workload.Question, list []statement) ([]Way, error) {
	var ways []Way
	for _, s := range list {
		stmt, err := c.PrepareContext(ctx, s.text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.text, err)
		}
		run := func(ctx context.Context) (a Answer, err error) {
			err = stmt.QueryRowContext(ctx).Scan(&a.Count)
			return a, err
		}
		if q.Ranks() {
			run = func(ctx context.Context) (Answer, error) { return ranked(ctx, stmt) }
		}
		ways = append(ways, Way{s.shape, run})
	}
	return ways, nil
}

func ranked(ctx context.Context, stmt *sql.Stmt) (a Answer, err error) {
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return a, err
	}
	defer rows.Close()
	for rows.Next() {
		var r workload.Ranked
		if err := rows.Scan(&r.Member, &r.Score); err != nil {
			return a, err
		}
		a.First = append(a.First, r)
	}
	return a, rows.Err()
}
