package query_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/script"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// define makes a composite, and has the rest of the script ask the version that
// comes of it.
func (r *scriptRunner) define(t *testing.T, c script.Case) string {
	name := c.Args[0]
	if len(c.Args) > 1 {
		r.clock = timeOf(t, strings.TrimPrefix(c.Args[1], "@"))
	}
	_, err := r.store.Update(func(tx *tagset.Tx) error { return query.Define(tx, name, c.Input) })
	if err != nil {
		return err.Error()
	}
	require.NoError(t, r.store.Check())
	r.view = r.store.View()
	tag, ok := r.view.Tag(name)
	require.True(t, ok)
	require.Equal(t, tagset.Composite, tag.Kind)
	return r.definition(t, name)
}

// definition is a composite's expression as text.
func (r *scriptRunner) definition(t *testing.T, name string) string {
	if _, ok := query.Definition(r.view, name); !ok {
		return "no composite"
	}
	return requireRedefines(t, r.store, name)
}
