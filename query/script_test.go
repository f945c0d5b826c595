package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the scripts, on every machine

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/script"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

var update = flag.Bool("update", false, "rewrite the outputs in testdata/*.txt")

// TestScripts runs the language scripts. Their commands:
//
//	store              a new store: each line a tag, a colon, and keys; the tag may
//	                   have a weight (VIP^3: …). Or "attr", an attribute, its type,
//	                   and key=value; or "times", a tag, and key=date; or "now: time"
//	parse              the query in canonical spelling
//	json               its JSON tree
//	eval [name=tag …]  the result: how many members, and their keys; the
//	                   arguments are the parameters, @zone the time zone
//	rank [name=tag …]  the result with scores
//	plan [name=tag …]  the plan
//	define name        makes the tag a composite of the query; the time goes on with
//	                   "define name @time"
//	definition         what the composite is defined as, once it is certain that
//	                   defining that text changes nothing
//	explain key        why the member is in the result, or why not
//
// A command that fails gives its error.
func TestScripts(t *testing.T) {
	script.Run(t, "testdata/*.txt", *update, func(t *testing.T) func(*testing.T, script.Case) string {
		r := &scriptRunner{}
		return r.run
	})
}

type scriptRunner struct {
	store *tagset.Store
	clock time.Time
	view  *tagset.View
}

func (r *scriptRunner) run(t *testing.T, c script.Case) string {
	if c.Command == "store" {
		return r.begin(t, c.Input)
	}
	switch c.Command {
	case "define":
		return r.define(t, c)
	case "definition":
		return r.definition(t, c.Input)
	}
	q, err := query.Parse(c.Input)
	if err != nil {
		return err.Error()
	}
	switch c.Command {
	case "parse":
		return q.String()
	case "json":
		data, err := json.Marshal(q)
		require.NoError(t, err)
		return string(data)
	}
	args := query.Args{}
	var options []query.Option
	for _, a := range c.Args {
		name, value, ok := strings.Cut(a, "=")
		require.True(t, ok, "line %d: arguments are name=tag", c.Line)
		if name == "@zone" {
			zone, err := time.LoadLocation(value)
			require.NoError(t, err)
			options = append(options, query.Zone(zone))
			continue
		}
		args[name] = value
	}
	p, err := q.Compile(r.view, args, options...)
	if err != nil {
		return err.Error()
	}
	switch c.Command {
	case "plan":
		return p.String()
	case "eval":
		return r.eval(t, p)
	case "rank":
		return r.rank(t, p)
	}
	t.Fatalf("line %d: unknown command %q", c.Line, c.Command)
	return ""
}

// eval returns the result, after checking that all answers agree on it.
func (r *scriptRunner) eval(t *testing.T, p *query.Plan) string {
	ctx := context.Background()
	n, err := p.Count(ctx)
	require.NoError(t, err)
	set, err := p.Set(ctx)
	require.NoError(t, err)
	require.Equal(t, n, set.Len())
	out := []string{fmt.Sprint(n)}
	for m, err := range p.Members(ctx) {
		require.NoError(t, err)
		require.True(t, set.Contains(m))
		require.True(t, p.Contains(m))
		key, ok := r.view.Key(m)
		require.True(t, ok)
		out = append(out, key)
	}
	require.Len(t, out, n+1)
	return strings.Join(out, " ")
}

// rank returns the result with scores, after checking that pages of every size
// join to it, through the texts of their cursors.
func (r *scriptRunner) rank(t *testing.T, p *query.Plan) string {
	ctx := context.Background()
	all, err := p.Top(ctx, 1000)
	require.NoError(t, err)
	for size := 1; size <= len(all); size++ {
		var joined []query.Ranked
		for page := p; ; {
			part, err := page.Top(ctx, size)
			require.NoError(t, err)
			if len(part) == 0 {
				break
			}
			joined = append(joined, part...)
			n, err := page.Count(ctx)
			require.NoError(t, err)
			require.Equal(t, len(all)-len(joined)+len(part), n)
			text, err := part[len(part)-1].MarshalText()
			require.NoError(t, err)
			var cursor query.Ranked
			require.NoError(t, cursor.UnmarshalText(text))
			page = p.After(cursor)
		}
		require.Equal(t, all, joined, "pages of %d", size)
	}
	r.eval(t, p)
	out := []string{fmt.Sprint(len(all))}
	for _, x := range all {
		key, _ := r.view.Key(x.Member)
		out = append(out, fmt.Sprintf("%s=%d", key, x.Score))
	}
	return strings.Join(out, " ")
}

// begin reads a store. Times of tagging need commits in the order of time.
func (r *scriptRunner) begin(t *testing.T, input string) string {
	r.clock = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return r.clock }})
	require.NoError(t, err)
	type tagging struct {
		at       time.Time
		tag, key string
	}
	var taggings []tagging
	_, err = s.Update(func(tx *tagset.Tx) error {
		for line := range strings.SplitSeq(input, "\n") {
			name, rest, ok := strings.Cut(line, ":")
			require.True(t, ok, line)
			word, of, _ := strings.Cut(name, " ")
			switch word {
			case "now":
				now = timeOf(t, strings.TrimSpace(rest))
			case "attr":
				attribute(t, tx, of, strings.Fields(rest))
			case "times":
				_, err := tx.CreateTag(tagset.Tag{Name: of, KeepTimes: true})
				require.NoError(t, err)
				for _, f := range strings.Fields(rest) {
					key, at, _ := strings.Cut(f, "=")
					taggings = append(taggings, tagging{timeOf(t, at), of, key})
				}
			default:
				tagLine(t, tx, name, strings.Fields(rest))
			}
		}
		return nil
	})
	require.NoError(t, err)
	slices.SortStableFunc(taggings, func(a, b tagging) int { return a.at.Compare(b.at) })
	for _, x := range taggings {
		r.clock = x.at
		_, err := s.Update(func(tx *tagset.Tx) error {
			ms, err := tx.Intern(x.key)
			require.NoError(t, err)
			_, err = tx.Add(x.tag, ms...)
			return err
		})
		require.NoError(t, err)
	}
	r.clock = now
	_, err = s.Update(func(tx *tagset.Tx) error { // a version of that time
		_, err := tx.CreateTag(tagset.Tag{Name: "now"})
		return errors.Join(err, tx.DeleteTag("now"))
	})
	require.NoError(t, err)
	r.store, r.view = s, s.View()
	tags, attributes := 0, 0
	for range r.view.Tags() {
		tags++
	}
	for range r.view.Attributes() {
		attributes++
	}
	out := fmt.Sprintf("%d members, %d tags", r.view.Members().Len(), tags)
	if attributes > 0 {
		out += fmt.Sprintf(", %d attributes, %s", attributes, r.view.Frame().Time.Format(time.RFC3339))
	}
	return out
}

// tagLine makes a tag of name^weight, or members without one of "-".
func tagLine(t *testing.T, tx *tagset.Tx, name string, keys []string) {
	ms, err := tx.Intern(keys...)
	require.NoError(t, err)
	name, weight, _ := strings.Cut(strings.TrimSpace(name), "^")
	if name == "-" {
		return
	}
	if _, known := tx.View().Tag(name); !known {
		w := int64(0)
		if weight != "" {
			w, err = strconv.ParseInt(weight, 10, 32)
			require.NoError(t, err)
		}
		_, err = tx.CreateTag(tagset.Tag{Name: name, Weight: tagset.Weight(w)})
		require.NoError(t, err)
	}
	_, err = tx.Add(name, ms...)
	require.NoError(t, err)
}

// attribute makes an attribute of "name type" and sets key=value.
func attribute(t *testing.T, tx *tagset.Tx, of string, fields []string) {
	blank := strings.LastIndexByte(of, ' ')
	require.Positive(t, blank, of)
	name, kind := of[:blank], of[blank+1:]
	typ := tagset.Int
	var places int
	switch _, err := fmt.Sscanf(kind, "decimal(%d)", &places); {
	case kind == "time":
		typ = tagset.Time
	case kind != "int":
		require.NoError(t, err)
		typ = tagset.Decimal(places)
	}
	require.NoError(t, tx.CreateAttribute(name, typ))
	for _, f := range fields {
		key, text, _ := strings.Cut(f, "=")
		ms, err := tx.Intern(key)
		require.NoError(t, err)
		if typ == tagset.Time {
			require.NoError(t, tx.SetTime(name, ms[0], timeOf(t, text)))
			continue
		}
		whole, fraction, _ := strings.Cut(text, ".")
		v, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
		require.NoError(t, err)
		require.NoError(t, tx.SetInt(name, ms[0], v))
	}
}

// timeOf reads a date, as noon in UTC, or a time.
func timeOf(t *testing.T, text string) time.Time {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at.Add(12 * time.Hour)
	}
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}
