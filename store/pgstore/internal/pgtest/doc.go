// Package pgtest gives tests a PostgreSQL server: the shared one that the
// environment names, or a private one that a test may restart, fill up or kill.
//
// CAREWIRE_TEST_POSTGRES is the connection string of the shared server;
// scripts/services.sh starts one. Without a server tests are skipped, and say
// which store was not tested; with CAREWIRE_REQUIRE_SERVERS=1 they fail.
package pgtest
