package query_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/script"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

var update = flag.Bool("update", false, "rewrite the outputs in testdata/*.txt")

// TestScripts runs the language scripts. Their commands:
//
//	store              a new store: each line a tag, a colon, and keys
//	parse              the query in canonical spelling
//	json               its JSON tree
//	eval [name=tag …]  the result: how many members, and their keys; the
//	                   arguments are the parameters
//	plan [name=tag …]  the plan
//
// A command that fails gives its error.
func TestScripts(t *testing.T) {
	script.Run(t, "testdata/*.txt", *update, func(t *testing.T) func(*testing.T, script.Case) string {
		r := &scriptRunner{}
		return r.run
	})
}

type scriptRunner struct{ view *tagset.View }

func (r *scriptRunner) run(t *testing.T, c script.Case) string {
	if c.Command == "store" {
		return r.store(t, c.Input)
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
	for _, a := range c.Args {
		name, value, ok := strings.Cut(a, "=")
		require.True(t, ok, "line %d: arguments are name=tag", c.Line)
		args[name] = value
	}
	p, err := q.Compile(r.view, args)
	if err != nil {
		return err.Error()
	}
	switch c.Command {
	case "plan":
		return p.String()
	case "eval":
		return r.eval(t, p)
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

func (r *scriptRunner) store(t *testing.T, input string) string {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	tags := 0
	_, err = s.Update(func(tx *tagset.Tx) error {
		for line := range strings.SplitSeq(input, "\n") {
			name, keys, ok := strings.Cut(line, ":")
			require.True(t, ok, line)
			ms, err := tx.Intern(strings.Fields(keys)...)
			require.NoError(t, err)
			if name = strings.TrimSpace(name); name == "-" {
				continue // members without a tag
			}
			if _, known := tx.View().Tag(name); !known {
				_, err = tx.CreateTag(tagset.Tag{Name: name})
				require.NoError(t, err)
			}
			_, err = tx.Add(name, ms...)
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	r.view = s.View()
	for range r.view.Tags() {
		tags++
	}
	return fmt.Sprintf("%d members, %d tags", r.view.Members().Len(), tags)
}
