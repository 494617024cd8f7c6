using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>Units of work without a host.</summary>
internal static class TestWork
{
    public static UnitOfWorkFactory Factory(IDatabase database)
    {
        ServiceCollection services = new();
        services.AddQuorateDatabase(new QuorateOptions(), "test", [], database);
        return services.BuildServiceProvider().GetRequiredService<UnitOfWorkFactory>();
    }
}
