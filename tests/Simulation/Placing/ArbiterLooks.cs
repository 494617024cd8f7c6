using System.Globalization;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>Keeps a scheduler from deciding anything in a session that quorum has not looked at the database since (rule S14).</summary>
internal sealed class ArbiterLooks(SimulatedCluster cluster, SchedulerReplica replica)
{
    private const int AsksMax = 4;
    private const int AskAgainAfter = 500;

    private readonly World _world = cluster.World;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{replica.Life} since {cluster.World.Now}");
    private readonly List<TaskCompletionSource> _waiting = [];
    private ArbiterLook? _look;
    private long _lookedSessions;
    private long _askedSessions;

    private string Asked => string.Create(CultureInfo.InvariantCulture, $"{_name}, {_askedSessions}");

    public async Task RequireAsync(Transaction work, MembershipChanged? membership)
    {
        if (_world.Breaks(Mutation.SchedulerForgets))
        {
            return;
        }

        ArbiterLook look = await LookedAsync(work.Sessions) ?? throw new StoreGoneException("quorum has not looked at the database");
        if (look.ReasonAgainst(membership is null ? MembershipView.Empty : MembershipView.From(membership)) is { } reason)
        {
            throw new StoreGoneException(reason);
        }
    }

    public void Hear(ArbiterSeen message)
    {
        if (message.Stored is not { } stored)
        {
            return;
        }

        ArbiterLook look = new(stored.Era, stored.Generation, message.IsTrusted);
        if (message.Look == Asked && _askedSessions > _lookedSessions)
        {
            (_look, _lookedSessions) = (look, _askedSessions);
            List<TaskCompletionSource> waiting = [.. _waiting];
            _waiting.Clear();
            waiting.ForEach(wait => wait.TrySetResult());
        }
        else if (_look is not null)
        {
            _look = _look.With(look);
        }
    }

    private async Task<ArbiterLook?> LookedAsync(long sessions)
    {
        for (int asks = 0; _lookedSessions < sessions; asks++)
        {
            if (asks == AsksMax)
            {
                return null;
            }

            _askedSessions = Math.Max(_askedSessions, sessions);
            cluster.Bus.Publish(replica.Life.Host, new Envelope("quorum", new RequestMembership { RequestedBy = _name, Look = Asked }));
            TaskCompletionSource wait = new();
            _waiting.Add(wait);
            _world.After(AskAgainAfter, replica.Life, () => wait.TrySetResult());
            await wait.Task;
            // What was heard does not go on inside whatever it was.
            await _world.Delay(1, replica.Life);
        }

        return _look;
    }
}
