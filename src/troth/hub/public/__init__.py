"""The public site of an organisation: home, policy, cookies and the preference centre."""
