namespace Quorate.Executor.Service.Sessions;

/// <summary>Waits for work that was told to end.</summary>
internal static class Settling
{
    /// <summary>Returns once it has ended, cancelled or done.</summary>
    public static async Task SettleAsync(this Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }
    }
}
