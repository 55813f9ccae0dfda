from __future__ import annotations

from django.db import models


class Reader(models.Model):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class Loan(models.Model):
    reader = models.ForeignKey(Reader, models.CASCADE, db_column="who")
    note = models.TextField()
    lent = models.DateField(null=True)

    def __str__(self) -> str:
        return self.note


class Fine(models.Model):
    loan = models.ForeignKey(Loan, models.PROTECT)
    reason = models.TextField()

    def __str__(self) -> str:
        return self.reason
