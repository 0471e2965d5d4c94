package system

func (e *expander) finite()   {}
func (e *expander) steps()    {}
func (e *expander) balances() {}
