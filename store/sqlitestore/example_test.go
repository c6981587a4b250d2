package sqlitestore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/carewire/carewire/store/sqlitestore"
)

func Example() {
	dir, err := os.MkdirTemp("", "carewire")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := sql.Open("sqlite", sqlitestore.DSN(filepath.Join(dir, "carewire.db")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	_, err = sqlitestore.Open(ctx, db, nil)
	fmt.Println("migrated:", !errors.Is(err, sqlitestore.ErrNotMigrated))
	fmt.Println(sqlitestore.Migrate(ctx, db, nil))
	st, err := sqlitestore.Open(ctx, db, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	snap, err := st.Begin(ctx, attempt("attempt-1", "booking-881"))
	fmt.Println("holds:", snap.Held, err)
	// Output:
	// migrated: false
	// <nil>
	// holds: true <nil>
}
