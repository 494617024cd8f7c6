using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The arrangements of one plan: one for each group of services with bonds between them in which somebody looks for a place.</summary>
internal sealed class Arrangements
{
    /// <summary>What it costs that a service of the best priority does not run.</summary>
    private const int IdleCost = 10_000;

    /// <summary>What it costs that a service does not come where it was asked to be: more than any domain would rather have.</summary>
    private const int MissedCost = 1_000;

    private readonly Dictionary<ServiceName, NodeName?> _places = [];
    private readonly Dictionary<ServiceName, string> _notes = [];

    /// <summary>The services that run and have to move, so that others can run.</summary>
    public List<ServiceRecord> Movers { get; } = [];

    /// <summary>Where a service shall be; false for one that no arrangement speaks of.</summary>
    public bool TryGet(ServiceName service, out NodeName? node) => _places.TryGetValue(service, out node);

    /// <summary>Why it has no place, or not certainly the best; "" where there is nothing to say.</summary>
    public string NoteOf(ServiceName service) => _notes.GetValueOrDefault(service, "");

    /// <summary>Arranges the groups of those that look for a place.</summary>
    /// <param name="board">Who runs where.</param>
    /// <param name="seekers">Those that look for a place, and those that run where they must not.</param>
    /// <param name="caseOf">Everything about one service.</param>
    public static Arrangements For(Board board, IReadOnlyCollection<ServiceRecord> seekers, Func<ServiceRecord, Case?> caseOf)
    {
        Arrangements all = new();
        HashSet<ServiceName> wanted = [.. seekers.Select(record => record.Name)];
        HashSet<ServiceName> seen = [];
        foreach (ServiceRecord seeker in seekers.Where(record => board.BondsOf(record.Name).Count > 0))
        {
            if (!seen.Contains(seeker.Name))
            {
                all.Arrange(board, GroupOf(board, seeker, seen), wanted, caseOf);
            }
        }

        return all;
    }

    /// <summary>All services that are tied to one, directly or through others.</summary>
    private static List<ServiceRecord> GroupOf(Board board, ServiceRecord first, HashSet<ServiceName> seen)
    {
        List<ServiceRecord> group = [];
        Queue<ServiceName> next = new([first.Name]);
        while (next.TryDequeue(out ServiceName name))
        {
            if (seen.Add(name) && board.Find(name) is { } record)
            {
                group.Add(record);
                foreach (Bond bond in board.BondsOf(name))
                {
                    next.Enqueue(bond.Other);
                }
            }
        }

        return group;
    }

    private void Arrange(Board board, List<ServiceRecord> group, HashSet<ServiceName> wanted, Func<ServiceRecord, Case?> caseOf)
    {
        List<(ServiceRecord Record, Case Case)> free = [];
        Dictionary<ServiceName, NodeName?> fixedPlaces = [];
        foreach (ServiceRecord record in group)
        {
            if (!board.IsParked(record.Name) && caseOf(record) is { } @case && (wanted.Contains(record.Name) || IsMovable(@case)))
            {
                free.Add((record, @case));
            }
            else
            {
                fixedPlaces[record.Name] = board.WillBe(record);
            }
        }

        ImmutableArray<Piece> pieces = [.. free
            .OrderBy(pair => pair.Case.Definition.Priority)
            .ThenBy(pair => board.Situation.Configuration.PositionOf(pair.Record.Name))
            .Select(pair => new Piece(pair.Record.Name, board.BondsOf(pair.Record.Name), Choices(board, pair.Case)))];
        Arrangement found = Arrangement.Find(pieces, fixedPlaces);
        Keep(free, found);
    }

    private void Keep(List<(ServiceRecord Record, Case Case)> free, Arrangement found)
    {
        string gaveUp = found.GaveUp
            ? string.Create(CultureInfo.InvariantCulture, $"the search for an arrangement of {free.Count} services that depend on each other ended after {Arrangement.StepsMax} steps")
            : "";
        foreach ((ServiceRecord record, Case @case) in free)
        {
            bool runs = @case.Standing == OwnerStanding.Online;
            NodeName? place = found.Places is { } places ? places[record.Name] : runs ? record.Owner : null;
            _places[record.Name] = place;
            if (runs && place is { } node && node != record.Owner)
            {
                Movers.Add(record);
            }

            if (gaveUp.Length > 0 || (place is null && !runs))
            {
                _notes[record.Name] = gaveUp.Length > 0 ? gaveUp : "no arrangement of the services that depend on each other leaves a node for it";
            }
        }
    }

    /// <summary>True for what runs at rest and may be moved by a rule.</summary>
    private static bool IsMovable(Case @case) =>
        @case is { Record: { State: ServiceState.Started, IsFrozen: false, Journey: null, Pending: null }, Standing: OwnerStanding.Online }
        && @case.Membership is { IsMaintenance: false, IsLocked: false };

    private static ImmutableArray<Choice> Choices(Board board, Case @case)
    {
        ServiceRecord record = @case.Record;
        NodeName? owner = @case.Standing == OwnerStanding.Online ? record.Owner : null;
        List<Choice> choices = [];
        for (int index = 0; index < @case.Scores.Length; index++)
        {
            NodeScore score = @case.Scores[index];
            bool isHome = score.Node == owner;
            if (isHome || (score.Score > Score.Illegal && board.Objection(index, record, @case.Definition, isBondCounted: false) is null))
            {
                // What runs where no domain would put it may stay there; nothing else is sent there.
                int distance = Score.Best - score.Score;
                int preference = record.Journey?.Target is { } asked ? asked == score.Node ? 0 : MissedCost + distance : distance;
                choices.Add(new Choice(score.Node, new Cost(0, owner is not null && !isHome ? 1 : 0, isHome ? 0 : preference, board.ServicesOn(index))));
            }
        }

        if (owner is { } unlisted && choices.All(choice => choice.Node != unlisted))
        {
            // It runs on a node that is no longer in the configuration: it may go on there.
            choices.Add(new Choice(unlisted, new Cost(0, 0, 0, 0)));
        }

        if (owner is null)
        {
            choices.Add(new Choice(null, new Cost(Math.Max(1, IdleCost / (1 + Math.Min(@case.Definition.Priority, IdleCost))), 0, 0, 0)));
        }

        return [.. choices.OrderBy(choice => choice.Cost)];
    }
}
