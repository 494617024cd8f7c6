using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>What a decision sets in motion, in a form that tests can compare.</summary>
internal static class Read
{
    public static OperateService? Order(this Decision decision) => decision.Effects.OfType<Effect.Operate>().SingleOrDefault()?.Command;

    public static FenceNode? Fences(this Decision decision) => decision.Effects.OfType<Effect.Fence>().SingleOrDefault()?.Command;

    public static (NodeAction Action, string Node)? Ordered(this Decision decision) =>
        decision.Order() is { } order ? (order.Action, order.Node.Value) : null;

    public static ResultCode? Answered(this Decision decision, string request = "r1") =>
        decision.Effects.OfType<Effect.Answer>().SingleOrDefault(answer => answer.RequestId == request)?.Result;

    public static int[] Raised(this Decision decision) => [.. decision.Effects.OfType<Effect.Raise>().Select(raise => (int)raise.Message)];

    public static bool SeeksPlacement(this Decision decision) => decision.Effects.OfType<Effect.NeedsPlacement>().Any();

    public static bool SeeksSweep(this Decision decision) => decision.Effects.OfType<Effect.NeedsSweep>().Any();
}
