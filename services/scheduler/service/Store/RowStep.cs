namespace Quorate.Scheduler.Service.Store;

/// <summary>What failed about a row.</summary>
internal enum RowStep
{
    /// <summary>It could not be locked.</summary>
    Lock,

    /// <summary>It says something impossible.</summary>
    Read,

    /// <summary>Its next version could not be stored.</summary>
    Write,
}
