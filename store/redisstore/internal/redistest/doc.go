// Package redistest gives tests a Redis server: the shared one that the
// environment names, or private ones that a test may restart, fill up or kill.
//
// CAREWIRE_TEST_REDIS is the URL of the shared server; scripts/services.sh
// starts one. Without a server tests are skipped, and say which store was not
// tested; with CAREWIRE_REQUIRE_SERVERS=1 they fail.
package redistest
