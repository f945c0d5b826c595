// Package realdata loads the public data sets that the tests are judged by, each as tags with their direct members,
// together with what is known about it: cardinalities and digests of sets, of roll-ups, of named segments and of some
// four hundred expressions, computed by other programs than this one (expected.json beside each data set).
//
// Nothing here knows the engine. A [Data] is an oracle.Frame, so the oracle can say whether the loaders are right, and
// then the facts say whether the engine is. The package is for tests alone.
//
// The data lie beside the repository, in ../shared/data seen from its root, or where TAGROAR_DATA says. A test that
// cannot find them is skipped and says so.
package realdata
