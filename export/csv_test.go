package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// day is the clock of the tests: in another zone, to show that times come in UTC.
var day = time.Date(2026, 3, 1, 8, 30, 15, 0, time.FixedZone("CST", 8*3600))

// newStore makes a store with the given keys as members 0, 1, 2 …
func newStore(t require.TestingT, keys ...string) *tagset.Store {
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return day }})
	require.NoError(t, err)
	update(t, s, func(tx *tagset.Tx) error {
		_, err := tx.Intern(keys...)
		return err
	})
	return s
}

func update(t require.TestingT, s *tagset.Store, f func(*tagset.Tx) error) {
	_, err := s.Update(f)
	require.NoError(t, err)
}

// sequence gives members without an error.
func sequence(ms ...tagset.Member) iter.Seq2[tagset.Member, error] {
	return func(yield func(tagset.Member, error) bool) {
		for _, m := range ms {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func count(n int) []tagset.Member {
	ms := make([]tagset.Member, n)
	for i := range ms {
		ms[i] = tagset.Member(i)
	}
	return ms
}

func shop(t *testing.T) *tagset.Store {
	s := newStore(t, "wx_001", "王芳", `o'neil "jr", esq`)
	update(t, s, func(tx *tagset.Tx) error {
		for _, tag := range []tagset.Tag{
			{Name: "国家/中国", Kind: tagset.Attribute, Owner: "运营"},
			{Name: "消费/高净值", Kind: tagset.Behavior, Weight: -5, Owner: `=HYPERLINK("http://evil.example","click")`},
			{Name: "消费/高净值/大客户", Kind: tagset.Behavior, Weight: 20},
			{Name: "=1+1", Kind: tagset.Relation},
		} {
			if _, err := tx.By("李雷", "test").CreateTag(tag); err != nil {
				return err
			}
		}
		_, err := tx.Add("国家/中国", 0, 1, 2)
		return err
	})
	update(t, s, func(tx *tagset.Tx) error {
		tx = tx.By("@admin", "test")
		if _, err := tx.Add("消费/高净值", 0); err != nil {
			return err
		}
		_, err := tx.Add("消费/高净值/大客户", 1, 9)
		return err
	})
	return s
}

func TestTagsGolden(t *testing.T) {
	const utc = "2026-03-01T00:30:15Z"
	const times = utc + "," + utc
	want := strings.Join([]string{
		`name,kind,weight,owner,created,modified,modified_by,direct,members`,
		`"'=1+1",relation,0,,` + times + `,李雷,0,0`,
		`国家,attribute,0,,` + times + `,李雷,0,3`,
		`国家/中国,attribute,0,运营,` + times + `,李雷,3,3`,
		`消费,attribute,0,,` + times + `,李雷,0,3`,
		`消费/高净值,behavior,-5,"'=HYPERLINK(""http://evil.example"",""click"")",` + times + `,"'@admin",1,3`,
		`消费/高净值/大客户,behavior,20,,` + times + `,"'@admin",2,2`,
		``,
	}, "\r\n")
	v := shop(t).View()

	var plain, excel, unix bytes.Buffer
	require.NoError(t, export.Tags(&plain, v, export.CSVOptions{}))
	require.Equal(t, want, plain.String())
	require.NoError(t, export.Tags(&excel, v, export.CSVOptions{BOM: true}))
	require.Equal(t, "\xef\xbb\xbf"+want, excel.String())
	require.NoError(t, export.Tags(&unix, v, export.CSVOptions{LF: true}))
	require.Equal(t, strings.ReplaceAll(want, "\r\n", "\n"), unix.String())

	rows, err := csv.NewReader(&plain).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 7)
	for _, row := range rows[1:] {
		require.Len(t, row, 9)
		_, err := time.Parse(time.RFC3339, row[4])
		require.NoError(t, err)
	}
}

func TestMembersGolden(t *testing.T) {
	s := shop(t)
	var out bytes.Buffer
	require.NoError(t, export.Members(&out, s.View(), sequence(2, 9, 0, 1), export.CSVOptions{BOM: true}))
	require.Equal(t, "\ufeffmember,key\r\n2,\"o'neil \"\"jr\"\", esq\"\r\n9,\r\n0,wx_001\r\n1,王芳\r\n", out.String())

	// What a plan gives goes straight in.
	plan, err := query.MustParse(`消费/高净值 LIMIT 2`).Compile(s.View(), nil)
	require.NoError(t, err)
	out.Reset()
	require.NoError(t, export.Members(&out, s.View(), plan.Members(context.Background()), export.CSVOptions{LF: true}))
	require.Equal(t, "member,key\n0,wx_001\n1,王芳\n", out.String())
}

func TestEmptyStore(t *testing.T) {
	v := newStore(t).View()
	var out bytes.Buffer
	require.NoError(t, export.Tags(&out, v, export.CSVOptions{}))
	require.Equal(t, "name,kind,weight,owner,created,modified,modified_by,direct,members\r\n", out.String())
	out.Reset()
	require.NoError(t, export.Members(&out, v, sequence(), export.CSVOptions{}))
	require.Equal(t, "member,key\r\n", out.String())
}

func TestErrorOfTheSequenceEndsTheExport(t *testing.T) {
	boom := errors.New("boom")
	ms := func(yield func(tagset.Member, error) bool) {
		_ = yield(0, nil) && yield(0, boom) && yield(1, nil)
	}
	var out bytes.Buffer
	err := export.Members(&out, newStore(t, "a", "b").View(), ms, export.CSVOptions{LF: true})
	require.ErrorIs(t, err, boom)
	require.Equal(t, "member,key\n0,a\n", out.String(), "the rows before the error are written, none after it")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	v := newStore(t, "a", "b").View()
	plan, err := query.MustParse("everyone").Compile(v, nil)
	require.NoError(t, err)
	require.ErrorIs(t, export.Members(&out, v, plan.Members(ctx), export.CSVOptions{}), context.Canceled)
}

// A short disk: after n bytes every write fails.
type failing struct{ n int }

var errFull = errors.New("no space left on device")

func (f *failing) Write(p []byte) (int, error) {
	if f.n < len(p) {
		return f.n, errFull
	}
	f.n -= len(p)
	return len(p), nil
}

func TestErrorOfTheWriterEndsTheSequence(t *testing.T) {
	v := shop(t).View()
	given := 0
	endless := func(yield func(tagset.Member, error) bool) {
		for yield(0, nil) {
			given++
		}
	}
	require.ErrorIs(t, export.Members(&failing{1 << 20}, v, endless, export.CSVOptions{}), errFull)
	require.Less(t, given, 200_000)
	for n := range 500 {
		require.ErrorIs(t, export.Tags(&failing{n}, v, export.CSVOptions{BOM: true}), errFull)
	}
}

// Rows are written as they come: what is held does not grow with them.
func TestMembersStream(t *testing.T) {
	const n = 20_000
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("openid_%06d", i)
	}
	v := newStore(t, keys...).View()
	all := count(n)
	allocs := testing.AllocsPerRun(5, func() {
		require.NoError(t, export.Members(&failing{1 << 30}, v, sequence(all...), export.CSVOptions{}))
	})
	require.Less(t, allocs, 100.0)
}

// Whatever the keys are, reading the file gives them back, but for the guard.
func TestKeysReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(rapid.StringN(1, 30, 200), rapid.StringOfN(rapid.RuneFrom([]rune("=+-@\t\r\n ,;\"'a中=")), 1, 8, -1))
		keys := rapid.SliceOfNDistinct(key, 1, 20, rapid.ID).Draw(t, "keys")
		o := export.CSVOptions{BOM: rapid.Bool().Draw(t, "bom"), LF: rapid.Bool().Draw(t, "lf")}
		var out bytes.Buffer
		require.NoError(t, export.Members(&out, newStore(t, keys...).View(), sequence(count(len(keys))...), o))
		text := strings.TrimPrefix(out.String(), "\ufeff")
		require.Equal(t, o.BOM, len(text) < out.Len())
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, len(keys)+1)
		for i, key := range keys {
			key = strings.ReplaceAll(key, "\r\n", "\n") // encoding/csv reads it so
			require.Contains(t, []string{key, "'" + key}, rows[i+1][1])
			require.Equal(t, fmt.Sprint(i), rows[i+1][0])
		}
	})
}
