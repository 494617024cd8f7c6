using Quorate.Executor.Core.Guarding;

namespace Quorate.Executor.Guard;

/// <summary>Stops one journalled service and proves it.</summary>
internal interface IServiceStopping
{
    /// <summary>One round; the reason why nothing is proven, or null where the service is proven stopped.</summary>
    /// <param name="entry">What was journalled.</param>
    /// <param name="times">Until when; runs are cut at these instants.</param>
    Task<string?> StopAsync(JournalEntry entry, EndingTimes times);
}
