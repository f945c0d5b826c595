package measure

import (
	"os/exec"
	"runtime/debug"
	"strings"
)

// Commit returns the revision of the source as people write it, 12 digits, with a plus behind it where files differ from it; empty
// where neither the program nor git can tell. What go run builds does not know its revision: then the working directory's counts.
func Commit() string {
	var revision, modified string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				modified = s.Value
			}
		}
	}
	if revision == "" {
		out, err := exec.Command("git", "rev-parse", "HEAD").Output()
		if err != nil {
			return ""
		}
		revision = strings.TrimSpace(string(out))
		changes, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output()
		if err != nil || len(changes) > 0 {
			modified = "true"
		}
	}
	const digits = 12
	if len(revision) > digits {
		revision = revision[:digits]
	}
	if modified == "true" {
		revision += "+"
	}
	return revision
}
