using Quorate.Contracts.V1;

namespace Quorate.Quorum.Service.Orders;

/// <summary>An order that came before.</summary>
/// <param name="Content">What was asked; null for one of a version that did not keep it.</param>
/// <param name="Answer">Its one answer; null while there is none.</param>
internal sealed record KnownOrder(string? Content, CommandAnswered? Answer);
