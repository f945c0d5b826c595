package measure

import (
	"path"
	"runtime/debug"
	"strings"
)

// Versions tells, of the modules that this program was built with, those that are named, by the last word of their paths: roaring for
// github.com/RoaringBitmap/roaring/v2.
func Versions(modules ...string) map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, m := range info.Deps {
		for _, wanted := range modules {
			if m.Path == wanted {
				versions[path.Base(strings.TrimSuffix(m.Path, "/v2"))] = m.Version
			}
		}
	}
	return versions
}
