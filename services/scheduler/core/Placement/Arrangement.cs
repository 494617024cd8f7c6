using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// Finds places for services that constrain each other: a bounded search over all of them together, so that one that runs well moves
/// when that is the only way for another to run. Most services run, then the fewest move, then the best scores, then the least load.
/// </summary>
/// <remarks>Source: DESIGN 5; no model in rgmanager, whose services raced for places one after the other.</remarks>
internal sealed class Arrangement
{
    /// <summary>Places tried before the best one found so far is taken.</summary>
    public const int StepsMax = 20_000;

    private readonly ImmutableArray<Piece> _pieces;
    private readonly Dictionary<ServiceName, int> _indexes;
    private readonly IReadOnlyDictionary<ServiceName, NodeName?> _fixed;
    private readonly NodeName?[] _places;
    private readonly Cost[] _bounds;
    private NodeName?[]? _best;
    private Cost _bestCost;
    private int _steps;

    private Arrangement(ImmutableArray<Piece> pieces, IReadOnlyDictionary<ServiceName, NodeName?> fixedPlaces)
    {
        _pieces = pieces;
        _fixed = fixedPlaces;
        _indexes = pieces.Select((piece, index) => (piece.Service, index)).ToDictionary(pair => pair.Service, pair => pair.index);
        _places = new NodeName?[pieces.Length];
        _bounds = new Cost[pieces.Length + 1];
        for (int index = pieces.Length - 1; index >= 0; index--)
        {
            _bounds[index] = _bounds[index + 1].Plus(pieces[index].Choices.Select(choice => choice.Cost).Min());
        }
    }

    /// <summary>The places that were found; null where there is no arrangement at all.</summary>
    public ImmutableDictionary<ServiceName, NodeName?>? Places { get; private init; }

    /// <summary>True when the search ended at <see cref="StepsMax"/>: there may be a better arrangement, or one at all.</summary>
    public bool GaveUp { get; private init; }

    /// <summary>Searches.</summary>
    /// <param name="pieces">The services that may be placed or moved, the most important first, each with its choices, the best first.</param>
    /// <param name="fixedPlaces">Where the others are that they have bonds with.</param>
    public static Arrangement Find(ImmutableArray<Piece> pieces, IReadOnlyDictionary<ServiceName, NodeName?> fixedPlaces)
    {
        Arrangement search = new(pieces, fixedPlaces);
        search.Place(0, default);
        return new Arrangement(pieces, fixedPlaces)
        {
            Places = search._best is { } best
                ? pieces.Select((piece, index) => KeyValuePair.Create(piece.Service, best[index])).ToImmutableDictionary()
                : null,
            GaveUp = search._steps > StepsMax,
        };
    }

    private void Place(int index, Cost spent)
    {
        if (index == _pieces.Length)
        {
            (_best, _bestCost) = ([.. _places], spent);
            return;
        }

        foreach (Choice choice in _pieces[index].Choices)
        {
            Cost cost = spent.Plus(choice.Cost);
            if (++_steps > StepsMax)
            {
                return;
            }

            if ((_best is null || cost.Plus(_bounds[index + 1]).CompareTo(_bestCost) < 0) && Fits(index, choice.Node))
            {
                _places[index] = choice.Node;
                Place(index + 1, cost);
                _places[index] = null;
            }
        }
    }

    /// <summary>True when it agrees with all that have a place already; those that come later look back at this one.</summary>
    private bool Fits(int index, NodeName? node)
    {
        foreach (Bond bond in _pieces[index].Bonds)
        {
            if (_indexes.TryGetValue(bond.Other, out int other))
            {
                if (other < index && !(bond.Allows(node, _places[other]) && IsAllowedBy(other, _pieces[index].Service, node)))
                {
                    return false;
                }
            }
            else if (_fixed.TryGetValue(bond.Other, out NodeName? place) && !bond.Allows(node, place))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAllowedBy(int earlier, ServiceName service, NodeName? node)
    {
        foreach (Bond bond in _pieces[earlier].Bonds)
        {
            if (bond.Other == service && !bond.Allows(_places[earlier], node))
            {
                return false;
            }
        }

        return true;
    }
}
