"""Forms: the model channel. Fields, marks and notices come from the policy's touchpoints."""
