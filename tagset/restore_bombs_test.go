package tagset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/wire"
)

// A forgery is a snapshot taken apart, to be changed and put together again
// with checksums, index and end that fit: what only a forger would write.
type forgery struct {
	header []byte
	frames []forgedFrame // of content

	// Changes to what seal computes.
	index func([]byte) []byte
	end   func([]byte) []byte
	after []byte
}

type forgedFrame struct {
	kind    uint8
	payload []byte
}

// dissect takes the content out of a sound snapshot.
func dissect(t testing.TB, p []byte) *forgery {
	r := wire.NewReader(bytes.NewReader(p), wire.MaxFrame)
	header, err := r.Next(headerLen)
	require.NoError(t, err)
	f := &forgery{header: bytes.Clone(header)}
	for {
		h, payload, err := r.Frame()
		require.NoError(t, err)
		if h.Type() == frameIndex || h.Type() == frameEnd {
			return f
		}
		f.frames = append(f.frames, forgedFrame{h.Type(), bytes.Clone(payload)})
	}
}

// seal puts the forgery together.
func (f *forgery) seal() []byte {
	var out bytes.Buffer
	w := wire.NewWriter(&out)
	sum := len(f.header) - 4
	binary.LittleEndian.PutUint32(f.header[sum:], wire.Checksum(f.header[:sum]))
	heads := sha256.New()
	heads.Write(f.header)
	_ = w.Raw(f.header)
	frames := 0
	frame := func(kind uint8, p []byte) {
		h, _ := w.Frame(kind, len(p), func(dst []byte) []byte { return append(dst, p...) })
		heads.Write(h[:])
		frames++
	}
	var index []byte
	var memberships uint64
	for _, fr := range f.frames {
		frame(fr.kind, fr.payload)
		var id TagID
		if kind := fr.kind; kind == frameDirect || kind >= frameHolders && kind <= frameTimes || kind == frameHeld {
			id = TagID(binary.LittleEndian.Uint32(append(fr.payload[:len(fr.payload):len(fr.payload)], 0, 0, 0, 0)))
		}
		if fr.kind == frameDirect && len(fr.payload) >= 8 {
			if b, err := bitmap.ParsePortable(fr.payload[8:]); err == nil {
				memberships += uint64(b.Len())
			}
		}
		index = appendIndex(index, fr.kind, id, len(fr.payload))
	}
	if f.index != nil {
		index = f.index(index)
	}
	for len(index) > 0 {
		n := indexCut(index)
		frame(frameIndex, index[:n])
		index = index[n:]
	}
	end := binary.LittleEndian.AppendUint64(nil, uint64(frames))
	end = binary.LittleEndian.AppendUint64(end, memberships)
	end = binary.LittleEndian.AppendUint64(end, uint64(w.Offset()+wire.HeadLen+footerLen))
	end = append(heads.Sum(end), endMagic...)
	if f.end != nil {
		end = f.end(end)
	}
	frame(frameEnd, end)
	_ = w.Raw(f.after)
	_ = w.Flush()
	return out.Bytes()
}

// put64 sets a field of the header.
func (f *forgery) put64(at int, v uint64) { binary.LittleEndian.PutUint64(f.header[at:], v) }

const ( // fields of the header
	atVersion = 32
	atNext    = 48
	atLive    = 56
	atRetired = 64
	atKeys    = 72
	atTags    = 80
	atIDs     = 88
)

// first is the place of the first frame of a kind.
func (f *forgery) first(kind uint8) int {
	for i, fr := range f.frames {
		if fr.kind == kind {
			return i
		}
	}
	panic("no such frame")
}

// replace puts frames in the place of all of a kind.
func (f *forgery) replace(kind uint8, payloads ...[]byte) {
	at := f.first(kind)
	rest := f.frames[at:]
	for len(rest) > 0 && rest[0].kind == kind {
		rest = rest[1:]
	}
	out := append([]forgedFrame{}, f.frames[:at]...)
	for _, p := range payloads {
		out = append(out, forgedFrame{kind, p})
	}
	f.frames = append(out, rest...)
}

func part(id uint32, number, last uint16, portable []byte) []byte {
	p := binary.LittleEndian.AppendUint32(nil, id)
	p = binary.LittleEndian.AppendUint16(p, number)
	p = binary.LittleEndian.AppendUint16(p, last)
	return append(p, portable...)
}

func portable(ms ...uint32) []byte { return bitmap.Of(ms...).AppendPortable(nil) }

type forgedKey struct {
	gap  uint64
	text string
}

func keyFrame(count uint32, keys ...forgedKey) []byte {
	p := binary.LittleEndian.AppendUint32(nil, count)
	for _, k := range keys {
		p = wire.AppendBlock(binary.AppendUvarint(p, k.gap), k.text)
	}
	return p
}

// tagFrame makes the tags that the records define; ids from first.
func tagFrame(first, count uint32, records ...[]byte) []byte {
	p := binary.LittleEndian.AppendUint32(nil, first)
	p = binary.LittleEndian.AppendUint32(p, count)
	for _, r := range records {
		p = wire.AppendBlock(p, string(r))
	}
	return p
}

func record(name string) []byte {
	at := time.Unix(1, 0)
	return appendTag(nil, &Tag{Name: name, Created: at, Modified: at})
}

// bombBase has live members 0–9 and 20 (0–4 with keys k0–k4), 5 retired, and
// tags a (1), a/b (2), c (4); 3 was deleted.
func bombBase(t testing.TB) *Store {
	at := time.Unix(1_000_000, 0)
	s, err := New(Config{Clock: func() time.Time { return at }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		_, err := tx.Intern("k0", "k1", "k2", "k3", "k4")
		require.NoError(t, err)
		require.NoError(t, tx.Enroll(5, 6, 7, 8, 9, 20))
		require.NoError(t, tx.Forget(5))
		for _, name := range []string{"a/b", "gone", "c"} {
			_, err := tx.CreateTag(Tag{Name: name})
			require.NoError(t, err)
		}
		require.NoError(t, tx.DeleteTag("gone"))
		_, err = tx.Add("a", 1, 2, 3)
		require.NoError(t, err)
		_, err = tx.Add("c", 2, 20)
		return err
	})
	require.NoError(t, err)
	return s
}

// allocated is what f takes from the heap in all, garbage too.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// requireBounded restores p within the documented bound for a snapshot of so
// many tags and keys.
func requireBounded(t *testing.T, p []byte, tags, keys int) (s *Store, err error) {
	limit := uint64(8*len(p) + 16<<20 + 256*tags + 32*keys)
	used := allocated(func() { s, err = Restore(bytes.NewReader(p), Config{}) })
	require.LessOrEqual(t, used, limit, "%d bytes taken for a snapshot of %d", used, len(p))
	return s, err
}

// bombs are changes that Restore must refuse, with a word of its reason.
var bombs = []struct {
	name   string
	change func(f *forgery)
	reason string
}{
	{"live count 2^63", func(f *forgery) { f.put64(atLive, 1<<63) }, "live members, but"},
	{"retired count", func(f *forgery) { f.put64(atRetired, 0) }, "retired ordinals, but"},
	{"key count 2^60", func(f *forgery) { f.put64(atKeys, 1<<60) }, "keys, but"},
	{"tag count 2^60", func(f *forgery) { f.put64(atTags, 1<<60) }, "tags of"},
	{"tag id count 2^60", func(f *forgery) { f.put64(atIDs, 1<<60) }, "tags of"},
	{"tag id count too low", func(f *forgery) { f.put64(atIDs, 3) }, "more tags than"},
	{"next 2^32", func(f *forgery) { f.put64(atNext, 1<<32) }, "next ordinal"},
	{"next 2^64-1", func(f *forgery) { f.put64(atNext, math.MaxUint64) }, "next ordinal"},
	{"next not above live", func(f *forgery) { f.put64(atNext, 20) }, "next ordinal 20, but there is 20"},
	{"version 2^64-1", func(f *forgery) { f.put64(atVersion, math.MaxUint64) }, "version"},
	{"version 0 with content", func(f *forgery) { f.put64(atVersion, 0) }, "version 0"},
	{"magic", func(f *forgery) { f.header[0] = 'x' }, "not a snapshot"},
	{"format 0", func(f *forgery) { f.header[8] = 0 }, "format 0"},
	{"reader 0", func(f *forgery) { f.header[10] = 0 }, "readers of format 0"},
	{"header length 0", func(f *forgery) { binary.LittleEndian.PutUint32(f.header[12:], 0) }, "header of 0"},
	{"header length 2^32-1", func(f *forgery) { binary.LittleEndian.PutUint32(f.header[12:], math.MaxUint32) }, "header of"},
	{"header longer", func(f *forgery) {
		f.header = append(f.header, 0, 0, 0, 0)
		binary.LittleEndian.PutUint32(f.header[12:], headerLen+4)
	}, "header of 108"},
	{"attribute count", func(f *forgery) { f.header[96] = 1 }, "0 attributes, but"},
	{"reserved header bytes of format 1", func(f *forgery) { f.header[8], f.header[10], f.header[96] = 1, 1, 1 }, "reserved"},

	{"containers 2^32-1", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, []byte{0x3a, 0x30, 0, 0, 0xff, 0xff, 0xff, 0xff}))
	}, "containers"},
	{"65536 containers claimed", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, []byte{0x3a, 0x30, 0, 0, 0, 0, 1, 0}))
	}, "containers"},
	{"65536 full runs in one part", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, bitmap.FromRange(0, 1<<32).AppendPortable(nil)))
	}, "65536 blocks"},
	{"ordinal 2^32-1 live", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, portable(0, 1, 2, 3, 4, 6, 7, 8, 9, 20, math.MaxUint32)))
		f.put64(atLive, 11)
		f.put64(atNext, math.MaxUint32)
	}, "next ordinal"},
	{"no containers", func(f *forgery) { f.replace(frameRetired, part(0, 0, 0, portable())) }, "0 blocks"},
	{"65535 runs", func(f *forgery) {
		p := []byte{0x3b, 0x30, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff}
		for i := range 65_535 {
			p = binary.LittleEndian.AppendUint32(p, uint32(i))
		}
		f.replace(frameLive, part(0, 0, 0, p))
	}, "65535 runs"},
	{"overlapping runs", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, []byte{0x3b, 0x30, 0, 0, 1, 0, 0, 3, 0, 2, 0, 0, 0, 1, 0, 1, 0, 1, 0}))
	}, "run 1"},
	{"run past the block", func(f *forgery) {
		f.replace(frameLive, part(0, 0, 0, []byte{0x3b, 0x30, 0, 0, 1, 0, 0, 9, 0, 1, 0, 0xfe, 0xff, 9, 0}))
	}, "run 65534"},
	{"cardinality", func(f *forgery) {
		f.replace(frameRetired, part(0, 0, 0, []byte{0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 9, 0, 16, 0, 0, 0, 5, 0}))
	}, "array of 10"},
	{"wrong offset", func(f *forgery) {
		f.replace(frameRetired, part(0, 0, 0, []byte{0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 5, 0}))
	}, "offset header"},
	{"bytes after the bitmap", func(f *forgery) {
		f.replace(frameRetired, append(part(0, 0, 0, portable(5)), 0))
	}, "after the last container"},
	{"bitmap missing", func(f *forgery) { f.replace(frameRetired, part(0, 0, 0, nil)) }, "too few"},
	{"half a part head", func(f *forgery) { f.replace(frameRetired, []byte{0, 0, 0, 0, 0}) }, "needs 2 bytes"},
	{"parts missing", func(f *forgery) { f.replace(frameLive, part(0, 0, math.MaxUint16, portable(1))) }, "1 blocks in part 0"},
	{"part out of order", func(f *forgery) { f.replace(frameLive, part(0, 1, 1, portable(1))) }, "part 1 of 1"},
	{"live set of a tag", func(f *forgery) { f.replace(frameLive, part(1, 0, 0, portable(1))) }, "tag 1"},
	{"blocks descend over parts", func(f *forgery) {
		var ms []uint32
		for i := range uint32(partBlocks) {
			ms = append(ms, i<<16)
		}
		f.replace(frameLive, part(0, 0, 1, portable(ms...)), part(0, 1, 1, portable(255<<16+1)))
	}, "block 255 after block 255"},
	{"second part of another set", func(f *forgery) {
		var ms []uint32
		for i := range uint32(partBlocks) {
			ms = append(ms, i<<16)
		}
		f.replace(frameLive, part(0, 0, 1, portable(ms...)))
	}, "where part 1"},
	{"live and retired", func(f *forgery) { f.replace(frameRetired, part(0, 0, 0, portable(6))) }, "both live and retired"},
	{"retired past next", func(f *forgery) { f.replace(frameRetired, part(0, 0, 0, portable(21))) }, "but there is 21"},

	{"set of no tag", func(f *forgery) { f.replace(frameDirect, part(5, 0, 0, portable(1))) }, "no such tag"},
	{"set of a deleted tag", func(f *forgery) { f.replace(frameDirect, part(3, 0, 0, portable(1))) }, "no such tag"},
	{"set of tag 0", func(f *forgery) { f.replace(frameDirect, part(0, 0, 0, portable(1))) }, "no such tag"},
	{"set of tag 2^32-1", func(f *forgery) { f.replace(frameDirect, part(math.MaxUint32, 0, 0, portable(1))) }, "no such tag"},
	{"sets descend", func(f *forgery) {
		f.replace(frameDirect, part(4, 0, 0, portable(1)), part(1, 0, 0, portable(1)))
	}, "no such tag after tag 4"},
	{"set twice", func(f *forgery) {
		f.replace(frameDirect, part(1, 0, 0, portable(1)), part(1, 0, 0, portable(2)))
	}, "no such tag after tag 1"},
	{"set outside the universe", func(f *forgery) { f.replace(frameDirect, part(1, 0, 0, portable(1, 10))) }, "not live"},
	{"set with a retired member", func(f *forgery) { f.replace(frameDirect, part(1, 0, 0, portable(5))) }, "not live"},
	{"set of 2^24 members", func(f *forgery) {
		f.replace(frameDirect, part(1, 0, 0, bitmap.FromRange(0, 1<<24).AppendPortable(nil)))
	}, "not live"},
	{"sets before tags", func(f *forgery) {
		i, j := f.first(frameTags), f.first(frameDirect)
		f.frames[i], f.frames[j] = f.frames[j], f.frames[i]
	}, "tags of"},

	{"2^32-1 keys in few bytes", func(f *forgery) { f.replace(frameKeys, keyFrame(math.MaxUint32, forgedKey{0, "x"})) }, "cut short"},
	{"no keys in a frame", func(f *forgery) { f.replace(frameKeys, keyFrame(0)) }, "no keys"},
	{"half a count", func(f *forgery) { f.replace(frameKeys, []byte{1}) }, "no keys"},
	{"overlong varint", func(f *forgery) { f.replace(frameKeys, []byte{1, 0, 0, 0, 0x80, 0, 1, 'x'}) }, "longer than it need be"},
	{"endless varint", func(f *forgery) {
		f.replace(frameKeys, append([]byte{1, 0, 0, 0}, bytes.Repeat([]byte{0xff}, 1<<20)...))
	}, "more than 64 bits"},
	{"ordinals overflow", func(f *forgery) {
		f.replace(frameKeys, keyFrame(2, forgedKey{1, "x"}, forgedKey{math.MaxUint64, "y"}))
	}, "apart"},
	{"key of ordinal 2^32-1", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{math.MaxUint32, "x"})) }, "apart"},
	{"key of ordinal 2^32", func(f *forgery) {
		f.replace(frameKeys, keyFrame(2, forgedKey{0, "x"}, forgedKey{maxMember, "y"}))
	}, "not live"},
	{"key of nobody", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{10, "x"})) }, "not live"},
	{"key of a retired member", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{5, "x"})) }, "not live"},
	{"empty key", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{0, ""})) }, "empty key"},
	{"long key", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{0, strings.Repeat("k", maxKey+1)})) }, "at most 1024"},
	{"key of 2^63 bytes", func(f *forgery) {
		f.replace(frameKeys, binary.AppendUvarint(append(keyFrame(1), 0), 1<<63))
	}, "at most 1024"},
	{"one key, two members", func(f *forgery) {
		f.replace(frameKeys, keyFrame(2, forgedKey{0, "x"}, forgedKey{0, "x"}))
	}, "one key"},
	{"one key in two frames", func(f *forgery) {
		f.replace(frameKeys, keyFrame(1, forgedKey{0, "x"}), keyFrame(1, forgedKey{0, "x"}))
	}, "one key"},
	{"bytes after the keys", func(f *forgery) { f.replace(frameKeys, append(keyFrame(1, forgedKey{0, "x"}), 0)) }, "after the keys"},
	{"a key missing", func(f *forgery) { f.replace(frameKeys, keyFrame(1, forgedKey{0, "x"})) }, "1 keys, but"},

	{"2^32-1 tags in few bytes", func(f *forgery) {
		f.put64(atIDs, math.MaxUint32)
		f.replace(frameTags, tagFrame(1, math.MaxUint32, record("a")))
	}, "cut short"},
	{"no tags in a frame", func(f *forgery) { f.replace(frameTags, tagFrame(1, 0)) }, "0 tags"},
	{"tags from id 0", func(f *forgery) { f.replace(frameTags, tagFrame(0, 1, record("a"))) }, "where id 1 is next"},
	{"tags from id 2^32-1", func(f *forgery) { f.replace(frameTags, tagFrame(math.MaxUint32, 1, record("a"))) }, "where id 1"},
	{"one name, two tags", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 4, record("a"), record("a"), nil, record("c")))
	}, "both called"},
	{"parent missing", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 4, record("b/a"), record("a/b"), nil, record("c")))
	}, "no parent"},
	{"parent is itself", func(f *forgery) { f.replace(frameTags, tagFrame(1, 4, record("a"), record("a/"), nil, record("c"))) }, "name"},
	{"parents in a ring", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 4, record("a/b"), record("b/a"), nil, record("c")))
	}, "no parent"},
	{"name not UTF-8", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("\xff"))) }, "name"},
	{"name not NFC", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("e\u0301"))) }, "name"},
	{"name in full width", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("ＶＩＰ"))) }, "name"},
	{"name with a control", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("a\x00b"))) }, "name"},
	{"name with a bidi override", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("a\u202eb"))) }, "name"},
	{"name empty", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record(""))) }, "name"},
	{"name of a million levels", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 1, record("a"+strings.Repeat("/a", 1_000_000))))
	}, "name"},
	{"level of a million bytes", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record(strings.Repeat("a", 1_000_000)))) }, "name"},
	{"kind composite in format 2", func(f *forgery) {
		f.header[8], f.header[10] = 2, 2
		f.replace(frameTags, tagFrame(1, 1, append([]byte{3}, record("a")[1:]...)))
	}, "composite"},
	{"kind 255", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, append([]byte{255}, record("a")[1:]...))) }, "kind(255)"},
	{"unknown flag", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, append([]byte{0, 16}, record("a")[2:]...))) }, "flags"},
	{"flag of format 3 in format 2", func(f *forgery) {
		f.header[8], f.header[10] = 2, 2
		f.replace(frameTags, tagFrame(1, 1, append([]byte{0, exclusiveFlag}, record("a")[2:]...)))
	}, "flags"},
	{"flag of format 2 in format 1", func(f *forgery) {
		f.header[8], f.header[10] = 1, 1
		f.replace(frameTags, tagFrame(1, 1, append([]byte{0, timesFlag}, record("a")[2:]...)))
	}, "flags"},
	{"weight of 64 bits", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 1, append(binary.AppendVarint([]byte{0, 0}, 1<<40), record("a")[3:]...)))
	}, "weight"},
	{"note of 1 MiB", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 1, appendTag(nil, &Tag{Name: "a", Note: strings.Repeat("x", 1<<20)})))
	}, "at most 65536"},
	{"owner not UTF-8", func(f *forgery) {
		f.replace(frameTags, tagFrame(1, 1, appendTag(nil, &Tag{Name: "a", Owner: "\xc3("})))
	}, "not UTF-8"},
	{"bytes after a record", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, append(record("a"), 0))) }, "too many"},
	{"half a record", func(f *forgery) { f.replace(frameTags, tagFrame(1, 1, record("a")[:4])) }, "tag 1"},
	{"bytes after the tags", func(f *forgery) { f.replace(frameTags, append(tagFrame(1, 1, record("a")), 0)) }, "after the tags"},
	{"million deleted ids unannounced", func(f *forgery) {
		f.replace(frameTags, append(tagFrame(1, 1_000_000), make([]byte, 1_000_000)...))
	}, "more tags than"},

	{"unknown type", func(f *forgery) { f.frames = append(f.frames, forgedFrame{99, []byte("?")}) }, "unknown type 99"},
	{"type 0", func(f *forgery) { f.frames = append(f.frames, forgedFrame{0, nil}) }, "where the index"},
	{"frame of 16 MiB", func(f *forgery) { f.frames[0].payload = make([]byte, wire.MaxFrame) }, "more than"},
	{"frame of zeros", func(f *forgery) { f.frames[0].payload = make([]byte, maxPayload) }, "cookie"},
	{"empty frames", func(f *forgery) {
		for i := range f.frames {
			f.frames[i].payload = nil
		}
	}, "needs"},
	{"index shorter", func(f *forgery) { f.index = func(p []byte) []byte { return p[:len(p)-3] } }, "other than"},
	{"index longer", func(f *forgery) { f.index = func(p []byte) []byte { return append(p, 5, 4, 1) } }, "other than"},
	{"no index", func(f *forgery) { f.index = func(p []byte) []byte { return nil } }, "where the index"},
	{"end frames", func(f *forgery) { f.end = func(p []byte) []byte { p[0]++; return p } }, "frames, but"},
	{"end memberships", func(f *forgery) { f.end = func(p []byte) []byte { p[8]++; return p } }, "memberships, but"},
	{"end length", func(f *forgery) { f.end = func(p []byte) []byte { p[16]++; return p } }, "bytes, but"},
	{"end hash", func(f *forgery) { f.end = func(p []byte) []byte { p[30]++; return p } }, "SHA-256"},
	{"end magic", func(f *forgery) { f.end = func(p []byte) []byte { p[63]++; return p } }, "end magic"},
	{"end longer", func(f *forgery) { f.end = func(p []byte) []byte { return append(p, 0) } }, "65 bytes"},
	{"a frame after the end", func(f *forgery) { f.after = make([]byte, 12) }, "after the end"},
}

func TestRestoreRefusesBombs(t *testing.T) {
	base := func() *forgery {
		var out bytes.Buffer
		_, err := bombBase(t).View().WriteTo(&out)
		require.NoError(t, err)
		f := dissect(t, out.Bytes())
		require.Equal(t, out.Bytes(), f.seal(), "the forger's tools are in order")
		return f
	}
	require.GreaterOrEqual(t, len(bombs), 50)
	for _, b := range bombs {
		t.Run(b.name, func(t *testing.T) {
			f := base()
			b.change(f)
			s, err := requireBounded(t, f.seal(), 0, 0)
			require.Nil(t, s)
			require.ErrorIs(t, err, ErrCorrupt)
			require.ErrorContains(t, err, b.reason)
			require.ErrorContains(t, err, "at byte ")
			require.Less(t, len(err.Error()), 2000)
		})
	}
}

// TestRestoreLaterFormats: one that needs a later reader is refused as such;
// one that does not is read, a longer header notwithstanding.
func TestRestoreLaterFormats(t *testing.T) {
	var out bytes.Buffer
	s := bombBase(t)
	_, err := s.View().WriteTo(&out)
	require.NoError(t, err)

	f := dissect(t, out.Bytes())
	f.header[8], f.header[10] = snapshotFormat+2, snapshotFormat+1
	_, err = Restore(bytes.NewReader(f.seal()), Config{})
	require.ErrorIs(t, err, ErrUnsupported)
	require.NotErrorIs(t, err, ErrCorrupt)
	require.ErrorContains(t, err, "format 5")

	f = dissect(t, out.Bytes())
	f.header = append(f.header, make([]byte, 20)...)
	f.header[8] = snapshotFormat + 1
	binary.LittleEndian.PutUint32(f.header[12:], headerLen+20)
	back, err := Restore(bytes.NewReader(f.seal()), Config{})
	require.NoError(t, err)
	require.Equal(t, s.View().Digest(), back.View().Digest())
}

// TestRestoreStaysBounded: sound snapshots that unfold the most.
func TestRestoreStaysBounded(t *testing.T) {
	if battery.Raced {
		t.Skip("weighs the heap, which means nothing under the race detector")
	}
	empty, err := New(Config{})
	require.NoError(t, err)
	forge := func(change func(st *state)) []byte {
		st := *empty.View().state
		st.version = 1
		change(&st)
		var out bytes.Buffer
		_, err := (&View{state: &st}).WriteTo(&out)
		require.NoError(t, err)
		return out.Bytes()
	}
	t.Run("everybody", func(t *testing.T) { // 65,536 runs of 4 bytes
		p := forge(func(st *state) { st.live, st.next = bitmap.FromRange(0, maxMember+1), maxMember+1 })
		require.Less(t, len(p), 1<<20)
		s, err := requireBounded(t, p, 0, 0)
		require.NoError(t, err)
		require.Equal(t, uint64(maxMember+1), s.View().Members().Blocks().Card())
		_, err = s.Update(func(tx *Tx) error { _, err := tx.Intern("one more"); return err })
		require.ErrorIs(t, err, ErrFull)
	})
	t.Run("runs that become bits", func(t *testing.T) {
		var ms []uint32
		for block := range uint32(2000) {
			for r := range uint32(bitmap.MaxRuns + 1) {
				ms = append(ms, block<<16+r*200, block<<16+r*200+1, block<<16+r*200+2, block<<16+r*200+3, block<<16+r*200+4)
			}
		}
		p := forge(func(st *state) { st.live, st.next = bitmap.FromSorted(ms), 2000<<16 })
		_, err := requireBounded(t, p, 0, 0)
		require.NoError(t, err)
	})
	t.Run("single members far apart", func(t *testing.T) {
		var ms []uint32
		for block := range uint32(65_536) {
			ms = append(ms, block<<16)
		}
		p := forge(func(st *state) { st.live, st.next = bitmap.FromSorted(ms), maxMember+1 })
		_, err := requireBounded(t, p, 0, 0)
		require.NoError(t, err)
	})
	t.Run("deleted tags", func(t *testing.T) { // a byte each
		p := forge(func(st *state) {
			tags := st.tags.Edit()
			for range 4_000_000 {
				tags.Append(nil)
			}
			st.tags = tags.Freeze()
		})
		_, err := requireBounded(t, p, 0, 0)
		require.NoError(t, err)
	})
	t.Run("short keys", func(t *testing.T) {
		const n = 300_000
		p := forge(func(st *state) {
			st.keys, st.live, st.next = internAll(keyView{}, 0, n, 5), upTo(n), n
		})
		s, err := requireBounded(t, p, 0, n)
		require.NoError(t, err)
		require.Equal(t, n, s.View().keys.len())
	})
	t.Run("small tags", func(t *testing.T) {
		const n = 50_000
		s, err := New(Config{})
		require.NoError(t, err)
		_, err = s.Update(func(tx *Tx) error {
			for i := range n {
				if _, err := tx.CreateTag(Tag{Name: numbered(i, 5)}); err != nil {
					return err
				}
				if _, err := tx.Add(numbered(i, 5), Member(i)); err != nil {
					return err
				}
			}
			return nil
		})
		require.NoError(t, err)
		var out bytes.Buffer
		_, err = s.View().WriteTo(&out)
		require.NoError(t, err)
		back, err := requireBounded(t, out.Bytes(), n, 0)
		require.NoError(t, err)
		require.Equal(t, s.View().Digest(), back.View().Digest())
	})
}

// TestRestoreLeavesNoMemory: what a refused snapshot took is garbage.
func TestRestoreLeavesNoMemory(t *testing.T) {
	if battery.Raced {
		t.Skip("weighs the heap, which means nothing under the race detector")
	}
	var out bytes.Buffer
	st := *bombBase(t).View().state
	st.keys, st.live, st.next = internAll(keyView{}, 0, 200_000, 20), upTo(200_000), 200_000
	st.retired = bitmap.Bitmap{}
	_, err := (&View{state: &st}).WriteTo(&out)
	require.NoError(t, err)
	f := dissect(t, out.Bytes())
	f.end = func(p []byte) []byte { p[30]++; return p }
	p := f.seal()
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for range 5 {
		_, err := Restore(bytes.NewReader(p), Config{})
		require.ErrorIs(t, err, ErrCorrupt)
	}
	require.Less(t, heap(), before+1<<20)
}
