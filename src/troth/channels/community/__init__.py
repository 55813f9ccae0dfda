"""What is public: a forum, help articles, a list of customers, their stories."""
