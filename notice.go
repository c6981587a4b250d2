package carewire

// Notice returns the text to show where the number is given, with all five
// elements. Pass it to [Client.Consent] as Record.Shown, literally as it was
// shown: the first message then need not carry the disclosure. (S4, S5, S10)
func (c *Client) Notice() string { return c.statement() }
