"""The words of forms about institutions, for the doors."""

from registry.policy import institutions

FUNDING = institutions.FUNDING
GROUNDS = institutions.GROUNDS
ITEMS = institutions.ITEMS
PURPOSES = institutions.PURPOSES
