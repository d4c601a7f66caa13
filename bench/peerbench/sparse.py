"""Selections of a vector as places and values, and as one tensor for the wire."""

import torch


def select(values, k):
    """The places and values of the k largest magnitudes."""
    places = torch.topk(values.abs(), k, sorted=False).indices
    return places, values[places]


def pack(places, values):
    """Both in one tensor of 32-bit words."""
    return torch.cat([places.to(torch.int32), values.view(torch.int32)])


def unpack(packed):
    """Places and values again."""
    k = packed.numel() // 2
    return packed[:k].to(torch.int64), packed[k:].view(torch.float32)


def merged(places, values, other_places, other_values, k):
    """The k largest of the sum of two selections."""
    union, order = torch.unique(torch.cat([places, other_places]), return_inverse=True)
    sums = torch.zeros(union.numel()).index_add_(0, order, torch.cat([values, other_values]))
    chosen, kept = select(sums, k)
    return union[chosen], kept
