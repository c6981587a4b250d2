// Package phone reads phone numbers as people write them: in the national
// format of a region, with spaces, brackets and dashes, with or without the
// country code. It is a module of its own, since the numbering plans of the
// world are a megabyte of tables (github.com/nyaruka/phonenumbers, a port of
// libphonenumber).
//
// [Parser] makes the function that carewire.ImportOptions.ParsePhone takes. It
// says whether a number is possible, not whether somebody has it, and refuses
// what it would have to guess at: a number with an extension, one without its
// area code, and anything that is more than a number.
//
// Errors are an [*Error] that wraps one of the package's reasons and
// recipient.ErrInvalid. None contains the input.
package phone
