"""The pages: of the site, behind links, in the account, in the console."""
