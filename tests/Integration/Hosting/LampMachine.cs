using MassTransit;
using Quorate.Hosting.Sagas;

namespace Quorate.Tests.Integration.Hosting;

public sealed class LampMachine : MassTransitStateMachine<Lamp>
{
    public const string Poison = "poison";

    public LampMachine()
    {
        InstanceState(lamp => lamp.CurrentState);
        Event(() => Switched, e => e.CorrelateById(context => DeterministicGuid.From(context.Message.Name)));
        Initially(When(Switched).ThenAsync(CountAsync).TransitionTo(Lit));
        During(Lit, When(Switched).ThenAsync(CountAsync));
    }

    public State Lit { get; private set; } = null!;

    public Event<LampSwitched> Switched { get; private set; } = null!;

    private static async Task CountAsync(BehaviorContext<Lamp, LampSwitched> context)
    {
        context.Saga.Name = context.Message.Name;
        context.Saga.Count++;
        await context.UnitOfWork().Outbox.PublishAsync(
            new LampReported { Name = context.Saga.Name, Count = context.Saga.Count }, context.Saga.Name);
        if (context.Saga.Name == Poison)
        {
            throw new InvalidOperationException("this lamp breaks whoever touches it");
        }
    }
}
