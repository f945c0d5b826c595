// Package battery keeps the account of the acceptance battery: sixteen points,
// each a promise that is tested at two sizes. The quick size is part of go test
// ./...; the whole one is behind -tags battery and may take hours.
//
// The tests stand beside what they test and tell this package what they did: a
// [Result] a line, appended as JSON to the file that $TAGROAR_BATTERY names. What
// takes long runs in slices of at most an hour: a slice goes on with the seeds
// where the one before ended ([Slice], [Each]). [Parts] lists what is tested
// where. Two commands go with it:
//
//	go run ./internal/battery/run           runs it all, or goes on with it
//	go run ./internal/battery/reliability   prints the table of the README
//
// The environment: TAGROAR_BATTERY, the file, as an absolute path (unset: nothing
// is recorded, seeds begin at 1); TAGROAR_BATTERY_TIME, how long a slice lasts
// (60s); TAGROAR_BATTERY_COMMIT, of what is tested, which run sets.
package battery
