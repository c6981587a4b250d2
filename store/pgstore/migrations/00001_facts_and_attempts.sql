-- +goose Up

-- What PostgreSQL keeps for carewire. All text is compared byte for byte
-- (COLLATE "C"). A time that is NULL is unknown. A row of facts is never
-- changed and never deleted by the library.
--
-- ord is the order of a person's records: microseconds of the server's clock
-- when the record was put, or one more than the largest on file, whichever is
-- larger. It needs no sequence, may have gaps, and two records that were put at
-- the same time may share one.

CREATE TABLE carewire_consents (
    tenant text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL, -- E.164
    id text COLLATE "C" NOT NULL,
    ord bigint NOT NULL,
    brand text COLLATE "C" NOT NULL, -- in a revocation '' means all brands
    basis smallint NOT NULL, -- 1 transaction, 2 support request, 3 form, 4 inbound, 5 written
    purposes text[] COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    shown text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL, -- where it was shown
    confirmed text COLLATE "C" NOT NULL,
    revoked boolean NOT NULL,
    at timestamptz,
    until timestamptz,
    PRIMARY KEY (tenant, phone, id)
);

CREATE TABLE carewire_opt_outs (
    tenant text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    ord bigint NOT NULL,
    brand text COLLATE "C" NOT NULL, -- in an opt-out '' means all brands
    opt_in boolean NOT NULL, -- true lifts opt-outs
    at timestamptz,
    sent timestamptz,
    via text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, phone, id)
);

CREATE TABLE carewire_disclosures (
    tenant text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    ord bigint NOT NULL,
    brand text COLLATE "C" NOT NULL,
    kind smallint NOT NULL, -- 1 stop line, 2 statement
    failed boolean NOT NULL, -- the message ref was not delivered
    at timestamptz,
    shown text COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, phone, id)
);

CREATE TABLE carewire_attempts (
    tenant text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    ord bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    sum text COLLATE "C" NOT NULL,
    brand text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    at timestamptz,
    state smallint NOT NULL, -- 1 open, 2 refused, 3 rejected, 4 unknown, 5 accepted, 6 delivered, 7 failed
    provider_id text COLLATE "C" NOT NULL DEFAULT '',
    sender text COLLATE "C" NOT NULL DEFAULT '',
    rule text COLLATE "C" NOT NULL DEFAULT '',
    code text COLLATE "C" NOT NULL DEFAULT '',
    approval text COLLATE "C" NOT NULL DEFAULT '',
    body text COLLATE "C" NOT NULL DEFAULT '',
    settled timestamptz,
    -- Refused and rejected attempts hold nothing, and stay as history.
    holds boolean NOT NULL GENERATED ALWAYS AS (state NOT IN (2, 3)) STORED,
    PRIMARY KEY (tenant, phone, id)
) WITH (fillfactor = 90);

-- One attempt holds a key. The index depends on holds instead of state, so
-- that settling an accepted attempt changes no index.
CREATE UNIQUE INDEX carewire_attempts_key ON carewire_attempts (tenant, phone, key) WHERE holds;

-- The last attempt of a person. The condition is always true; a statement has
-- to name it, so that this index is not taken to find an attempt by its ID.
CREATE INDEX carewire_attempts_ord ON carewire_attempts (tenant, phone, ord) WHERE ord > 0;

-- The number of the last migration; one row.
CREATE TABLE carewire_schema (
    version integer NOT NULL
);
INSERT INTO carewire_schema (version) VALUES (1);

-- +goose Down
DROP TABLE carewire_schema;
DROP TABLE carewire_attempts;
DROP TABLE carewire_disclosures;
DROP TABLE carewire_opt_outs;
DROP TABLE carewire_consents;
