package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/examples/internal/golden"
	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/internal/realdata"
)

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &show.Printer{W: &out}))
	golden.Equal(t, out.Bytes())
}

// The extract itself, and the facts in the source, against the published counts.
func TestDivisions(t *testing.T) {
	divisions, err := loadDivisions()
	require.NoError(t, err)
	require.Len(t, divisions, 31+342+2978)
	require.Less(t, len(divisionsFile), 30_000)
	paths := map[string]bool{}
	for _, d := range divisions {
		require.False(t, paths[d.path], d.path)
		paths[d.path] = true
	}
	require.True(t, paths[tree+"/上海市/市辖区/浦东新区"])

	data, err := os.ReadFile(filepath.Join(realdata.Dir(t), "china-divisions", "expected.json"))
	require.NoError(t, err)
	var facts struct {
		Provinces map[string]struct {
			Name          string
			Cities, Areas int
		} `json:"per_province"`
	}
	require.NoError(t, json.Unmarshal(data, &facts))
	var want, have []province
	for _, p := range facts.Provinces {
		want = append(want, province{p.Name, p.Cities, p.Areas})
	}
	for _, r := range regions() {
		have = append(have, r.provinces...)
	}
	require.ElementsMatch(t, want, have)
}

// The customers are the same ones on every machine and with every release.
func TestMakeUp(t *testing.T) {
	divisions, err := loadDivisions()
	require.NoError(t, err)
	a, b := makeUp(divisions), makeUp(divisions)
	require.Equal(t, a, b)
	require.Len(t, a, numContacts)
}
