// Package battery keeps the account of the acceptance battery: sixteen points,
// each a promise that is tested at two sizes. The quick size is part of go test
// ./...; the whole one is behind -tags battery and may take hours.
//
// The tests stand beside what they test and tell this package what they did: a
// [Result] a line, appended as JSON to the file that $TAGROAR_BATTERY names. What
// takes long runs in slices of at most an hour: a slice goes on with the seeds
// where the one before ended ([Slice], [Each]). Two commands go with it:
//
//	go run ./internal/battery/run           runs it all, or goes on with it
//	go run ./internal/battery/reliability   prints the table of the README
//
// The environment: TAGROAR_BATTERY, the file, as an absolute path (unset: nothing
// is recorded, seeds begin at 1); TAGROAR_BATTERY_TIME, how long a slice lasts
// (60s); TAGROAR_BATTERY_COMMIT, of what is tested, which run sets.
//
// # Where the points are
//
// [Parts] names the test of the whole size of each; beside it are, of the quick
// size:
//
//	 1  kill -9                 tagset/kill_test.go, kill_child_test.go
//	 2  power loss              tagset/crash_*_test.go, on internal/crashfs
//	 3  failing calls           the same; tagset/disk_flaky_test.go for 9
//	 4  damage                  tagset/restore_damage_test.go, internal/journal, internal/seal
//	 5  bombs                   tagset/restore_bombs*_test.go
//	 6  fuzzing                 every Fuzz function; run gives each its share
//	 7  race                    tagset/race_*_test.go
//	 8  immutability            tagset/immutable_test.go
//	 9  linearizability         tagset/linear_*_test.go
//	10  model                   tagset/model_*_test.go, dir_model_*_test.go, query/model_*_test.go
//	11  goldens                 tagset/*golden*_test.go, internal/journal, internal/seal
//	12  encryption              internal/seal
//	14  query limits            query/limits_test.go, model_hostile_test.go
//
// 13 (scoped views), 15 (injection) and 16 (planted bugs) are not written.
package battery
