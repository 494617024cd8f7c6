using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Service;

WebApplicationBuilder builder = ProgramBuilder.Web(args);
builder.Logging.ClearProviders().AddQuorateConsole();
try
{
    QuorumHost.Configure(builder);
}
catch (SettingsException unusable)
{
    return await ProgramRun.RefuseAsync(Console.Error, unusable);
}

await using WebApplication app = builder.Build();
QuorumHost.Map(app);
return await ProgramRun.RunAsync(app, "quorum");
